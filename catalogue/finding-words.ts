import { EXIT_CODES } from './exit-codes.ts';
import { FAULT_MEASURES, beyondLimit, measureClaim, measureValue, milliseconds } from './fault-measures.ts';
import { kindOfFinding } from './findings.ts';
import { decide } from './verdict.ts';
import type { Finding, FindingCode, FindingValue } from './findings.ts';

type Data = Finding['data'];

/** At most this many sentences per run; the rest is counted. */
const MOST = 4;

/** Findings after which the numbers say nothing about the target: said once, however many there are. */
const SAY_NOTHING: ReadonlySet<string> = new Set<FindingCode>([
  'generator_stalled',
  'generator_delayed',
  'generator_errors',
]);

/** What was late, in words. */
const LATE: Readonly<Record<string, string>> = {
  event_loop: 'its event loop was blocked',
  start_lag: 'iterations started late though a VU was free',
  timers: 'timers of its virtual users fired late',
};

/** The settings that hold a storm back, by the tag `held`. */
const STORM_CAPS: Readonly<Record<string, string>> = { user: 'STORM_MAX_PER_USER', run: 'STORM_MAX' };

/** What else the load generator did when it was late. */
function inStorm(data: Data): string {
  const { storm } = data;
  return storm === undefined ? '' : `, while clients asked ${number(storm)} times without a pause (STORM_MAX)`;
}

/** Sentences that say more than the meaning of their code (findings.ts); `plain` covers the rest. */
const SENTENCES: Partial<Readonly<Record<FindingCode, (data: Data, subject: string) => string>>> = {
  no_iteration_completed: (data) => {
    const first = words(data['message']);
    return `every iteration that ended threw an exception, so nothing was tested${first === '' ? '' : `; the first: ${first}`}`;
  },
  host_exit: (data) => `k6 ended with exit code ${number(data['code'])}`,
  interrupted: () => 'stopped by the user',
  killed: (_data, subject) =>
    subject === '' ? 'the run was killed: its record has no end' : 'was killed: what followed is missing',
  samples_cut: () => 'the samples end in the middle of a line: k6 was killed, or its disk was full',
  generator_stalled: (data) =>
    `the load generator stalled for ${time(data['lostMs'])} in total, up to ${time(data['maxMs'])} at a time${inStorm(data)}`,
  generator_delayed: (data) => {
    const what = LATE[words(data['what'])] ?? 'it was late';
    return `the load generator was too slow: ${what}, by ${time(data['p99Ms'])} at p99 (limit ${time(data['limitMs'])})${inStorm(data)}`;
  },
  generator_errors: (data) => {
    const [most = ''] = Object.keys(object(data['errors']));
    return `${number(data['failed'])} of ${many(data['requests'], 'request')} failed on this machine (${most})`;
  },
  mfa_bypassed: (data) =>
    `${number(data['flows'])} of ${number(data['ended'])} flows were let in without the second factor that their kind requires${kindWords(data['kinds'])}`,
  inventory_out_of_step: (data) =>
    `${number(data['flows'])} of ${many(data['ended'], 'user')} ${were(data['flows'])} not in the state that the inventory describes${placeWords(data['places'])}`,
  drifts: (data) => {
    const [drifting, of] = [number(data['drifting']), number(data['of'])];
    return `drift: ${drifting} of ${of} series ${drifting === '1' ? 'drifts' : 'drift'}, the worst is ${words(data['worst'])}${driftWords(data)}`;
  },
  drift_not_judged: (data) => `drift could not be judged: ${words(data['message'])}`,
  hypothesis_failed: (data) => {
    const measure = FAULT_MEASURES.find((known) => known === data['measure']);
    const [limit, low] = [data['limit'], data['low']];
    if (measure === undefined || typeof limit !== 'number' || typeof low !== 'number') return 'its hypothesis failed';
    const numberOf = (value: FindingValue | undefined): number | null => (typeof value === 'number' ? value : null);
    const measured = { measure, limit, low, value: numberOf(data['value']), high: numberOf(data['high']) };
    return `not so: ${measureClaim[measure](measureValue[measure](limit))}; it ${beyondLimit(measured)}`;
  },
  no_experiment: (data) => `no experiment: the target was unhealthy before it (${words(data['sick'])})`,
  parts_missing: (data) => {
    const missing = Array.isArray(data['missing']) ? (data['missing'] as readonly FindingValue[]) : [];
    return `${missing.length} of ${number(data['of'])} parts are missing (${missing.map((one) => number(one)).join(', ')}), so this is not the whole load`;
  },
  parts_apart: (data) =>
    `the parts did not start together: ${words(data['late'])} started ${(count(data['ms']) / 1000).toFixed(1)} s or more after ${words(data['early'])}, by the target's clock`,
  hypothesis_not_known: (data) =>
    `not known: ${number(data['cases'])} of ${number(data['of'])} expectations; the first: ${words(data['first'])}`,
  resilience_not_judged: (data) => `the effects of the faults could not be judged: ${words(data['message'])}`,
  nothing_answered: (data) => `none of ${many(data['requests'], 'request')} was answered`,
  client_storm: (data) => {
    const held = object(data['held']);
    const caps = Object.entries(object(data['caps'])).flatMap(([cap, limit]) =>
      count(held[cap]) === 0 ? [] : [`${number(held[cap])} by ${STORM_CAPS[cap] ?? cap} (${number(limit)} a second)`],
    );
    const begun = Object.keys(object(data['answers'])).join(', ');
    const clients = count(data['clients']);
    return (
      `HTTP ${begun} made ${clients} waiting ${clients === 1 ? 'client' : 'clients'} ask ${number(data['requests'])} times without a pause, ` +
      `for ${(count(data['longestMs']) / 1000).toFixed(1)} s at most${caps.length === 0 ? '' : `; held back: ${caps.join(', ')}`}`
    );
  },
  nothing_expected: (data) =>
    `${number(data['flows'])} of ${many(data['ended'], 'flow')} had no expected outcome, so how they ended is not judged; found: ${pathWords(data['found'])}`,
  flows_interrupted: (data) =>
    `${number(data['interrupted'])} of ${number(data['started'])} flows were interrupted at the end of the run${kindWords(data['kinds'])}, so the figures leave out the slow ones`,
  flows_lost: (data) => {
    const [started, ended] = [data['started'], data['ended']];
    const cut = typeof started === 'number' && typeof ended === 'number' ? started - ended : undefined;
    return `flows were lost: ${number(started)} started and ${number(ended)} ended, so ${number(cut)} must have been interrupted, but ${number(data['interrupted'])} iterations were`;
  },
  records_disagree: (data) =>
    `the records disagree: the simulator answered ${many(data['starts'], 'flow start')}, the harness counts ${many(data['flows'], 'flow')}, ${many(data['unanswered'], 'start')} without an answer`,
  faults_unequal: (data, subject) =>
    `fault ${subject}: the harness saw ${number(data['seen'])}, the simulator served ${number(data['served'])}`,
  not_judged: (data, subject) => `threshold not judged: ${subject} ${words(data['expression'])} had no sample`,
  iterations_threw: (data) => {
    const first = words(data['message']);
    return `${number(data['thrown'])} of ${many(data['completed'], 'iteration')} ended with an exception${first === '' ? '' : `; the first: ${first}`}`;
  },
  files_unwritten: (data) => `result files that a pipeline reads could not be written: ${words(data['message'])}`,
  recorded_reason: (data) => words(data['text']) || 'the record does not say why',
  record_damaged: damageWords,
  capacity_found: (data) => {
    const held = rateWords(data['held']);
    return data['broke'] === null || data['broke'] === undefined
      ? `${held} held, the highest rate tried`
      : `${held} held, ${rateWords(data['broke'])} did not`;
  },
  threshold_failed: (data, subject) => `threshold failed: ${thresholdWords(data, subject)}`,
  threshold_cut_short: (data, subject) =>
    `threshold crossed, the run was aborted: ${subject}: ${words(data['expression'])}`,
  script_failed: (data) => `the script failed the test: ${words(data['message'])}`,
};

/** Codes whose sentence already names the subject. */
const SAYS_SUBJECT: ReadonlySet<string> = new Set<FindingCode>([
  'threshold_failed',
  'threshold_cut_short',
  'not_judged',
  'faults_unequal',
]);

/** One finding as a sentence. Never throws: a record may have been edited by hand. */
export function sentenceOf(finding: Finding): string {
  return `${factOf(finding)}${SAY_NOTHING.has(finding.code) ? ', so the numbers say nothing about the target' : ''}`;
}

/** The same without what follows from it, where that is said already. */
export function factOf(finding: Finding): string {
  const { code, subject, data } = finding;
  const sentence = (Object.hasOwn(SENTENCES, code) ? SENTENCES[code as FindingCode] : undefined) ?? plain(code);
  const before = subject === '' || SAYS_SUBJECT.has(code) ? '' : `${subject}${code === 'killed' ? '' : ':'} `;
  return `${before}${sentence(data, subject)}`;
}

/** The message that a finding carries, or else the meaning of its code and its figures. */
function plain(code: string): (data: Data) => string {
  return (data) => {
    const message = words(data['message']);
    if (message !== '') return message;
    const figures = Object.entries(data).map(([name, value]) => `${name} ${shown(value)}`);
    const meaning = kindOfFinding(code)?.meaning ?? `unknown finding ${code}`;
    return `${meaning}${figures.length === 0 ? '' : ` (${figures.join(', ')})`}`;
  };
}

/**
 * Why a run ended as it did: the sentences of the deciding findings, `''` if there are none. Failed thresholds share
 * one sentence. For a run that passed: what it found (such as `capacity_found`), not what would have failed a gate.
 */
export function findingWords(findings: readonly Finding[]): string {
  const { exitCode, findings: ordered } = decide(findings);
  const passed = exitCode === EXIT_CODES.pass.code;
  const deciding = ordered.filter(
    ({ code, exit }) =>
      exit === exitCode && (!passed || code === 'recorded_reason' || kindOfFinding(code)?.exit === 'pass'),
  );
  const cutShort = deciding.filter(({ code }) => code === 'threshold_cut_short');
  const alike = (a: Finding, b: Finding): boolean =>
    a.subject === b.subject && a.data['expression'] === b.data['expression'];
  const failed = deciding.filter(
    (one) => one.code === 'threshold_failed' && !cutShort.some((crossed) => alike(crossed, one)),
  );
  const sayNothing = deciding.findLast(({ code }) => SAY_NOTHING.has(code));
  const sentences = deciding.flatMap((one) => {
    // The first of its kind speaks for all of them.
    if (one.code === 'threshold_failed') return one === failed[0] ? [failedWords(failed)] : [];
    // An exit code says less than any other finding with that code.
    if (one.code === 'host_exit' && deciding.some(({ code }) => code !== 'host_exit')) return [];
    if (one.code === 'threshold_cut_short') return one === cutShort[0] ? [cutShortWords(cutShort)] : [];
    return [one === sayNothing ? sentenceOf(one) : factOf(one)];
  });
  const distinct = [...new Set(sentences)];
  const more = distinct.length - MOST;
  return [...distinct.slice(0, MOST), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function failedWords(failed: readonly Finding[]): string {
  const list = failed.map(({ data, subject }) => thresholdWords(data, subject));
  return `${list.length === 1 ? 'threshold' : `${list.length} thresholds`} failed: ${list.join(', ')}`;
}

function cutShortWords(crossed: readonly Finding[]): string {
  const list = crossed.map(({ data, subject }) => `${subject}: ${words(data['expression'])}`);
  return `threshold crossed, the run was aborted: ${list.join(', ')}`;
}

function thresholdWords(data: Data, subject: string): string {
  const value = data['value'];
  const was = typeof value === 'number' ? String(Number(value.toFixed(4))) : 'without samples';
  return `${subject} ${words(data['expression'])} (was ${was})`;
}

/** A string of the data; `''` if absent. */
function words(value: FindingValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The drift of a series per hour, on its scale. */
function driftWords({ scale, perHour }: Readonly<Record<string, FindingValue>>): string {
  if (typeof perHour !== 'number') return '';
  if (scale === 'linear') return ` (${perHour.toFixed(1)} an hour)`;
  return ` (${(100 * perHour).toFixed(1)} ${scale === 'ln' ? '%' : 'points'} an hour)`;
}

/** An object of the data; empty if absent. */
function object(value: FindingValue | undefined): Readonly<Record<string, FindingValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, FindingValue>>)
    : {};
}

/** At most this many kinds are named; the rest is counted. */
const MOST_KINDS = 4;

/** What is missing from a record, and for which time. */
function damageWords(data: Data): string {
  const missing = count(data['missing']);
  const damaged = count(data['damaged']);
  const counts = count(data['counts']);
  const { of } = data;
  const all = typeof of === 'number' ? ` of ${number(of)}` : '';
  const file = words(data['file']);
  const gone = damaged === 0 ? 'are missing' : 'are missing or cannot be read';
  const lost = [
    ...(missing > 0 ? [`${missing}${all} lines of ${file} ${gone}`] : []),
    ...(missing === 0 && damaged > 0 ? [`${damaged} lines of ${file} cannot be read`] : []),
    ...(counts > 0 ? [`${counts} counts belong to series whose name is lost`] : []),
  ];
  const message = words(data['message']);
  const what = [...lost, ...(message === '' ? [] : [message])].join(', ');
  const [from, to] = [data['fromMs'], data['toMs']];
  const when =
    typeof from === 'number' && typeof to === 'number'
      ? `, between ${(from / 1_000).toFixed(1)} s and ${(to / 1_000).toFixed(1)} s of the run`
      : '';
  return `the record is incomplete: ${what === '' ? 'it has a gap' : what}${when}`;
}

/** ` (F1 30, F7 2)`: flows by kind. */
function kindWords(value: FindingValue | undefined): string {
  const kinds = Object.entries(object(value));
  if (kinds.length === 0) return '';
  if (kinds.length > MOST_KINDS) return ` (${kinds.length} kinds)`;
  return ` (${kinds.map(([kind, flows]) => `${kind} ${number(flows)}`).join(', ')})`;
}

/** `otp 12, push 3`: what users without an expected outcome were asked for. */
function pathWords(value: FindingValue | undefined): string {
  const paths = Object.entries(object(value));
  return paths.length === 0 ? '?' : paths.map(([path, flows]) => `${path} ${number(flows)}`).join(', ');
}

/** `: 30 × F1 reached PUSH_CONFIRMATION_WAITING`: where flows left their path. */
function placeWords(value: FindingValue | undefined): string {
  const places = Array.isArray(value) ? (value as readonly FindingValue[]).map(object) : [];
  if (places.length === 0) return '';
  const list = places.slice(0, MOST_KINDS).map(({ kind, status, path, flows }) => {
    const verb = path === 'missing' ? 'never reached' : 'reached';
    return `${number(flows)} × ${words(kind)} ${verb} ${words(status)}`;
  });
  const more = places.length - list.length;
  return `: ${list.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

/** A rate of a capacity search. */
function rateWords(value: FindingValue | undefined): string {
  const { rate, level } = object(value);
  return typeof rate === 'number' ? `${rate} flows/s` : `the rate of level ${words(level)}`;
}

/** An integer of the data; `?` if absent. */
function number(value: FindingValue | undefined): string {
  return typeof value === 'number' ? String(Math.round(value)) : '?';
}

/** A number of the data with what it counts: `1 flow`, `60 flows`. */
export function many(value: FindingValue | undefined, what: string): string {
  return `${number(value)} ${what}${value === 1 ? '' : 's'}`;
}

const were = (value: FindingValue | undefined): string => (value === 1 ? 'was' : 'were');

/** A time of the data, which is in milliseconds; `?` if absent. */
function time(value: FindingValue | undefined): string {
  return typeof value === 'number' ? milliseconds(value) : '? ms';
}

/** An integer of the data; 0 if absent. */
function count(value: FindingValue | undefined): number {
  return typeof value === 'number' ? Math.round(value) : 0;
}

/** Any value of the data, short. */
function shown(value: FindingValue): string {
  if (typeof value === 'number') return String(Number(value.toFixed(4)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}
