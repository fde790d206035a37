import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import type { ExitName } from '../catalogue/exit-codes.ts';
import { finding, kindOfFinding } from '../catalogue/findings.ts';
import { decide } from '../catalogue/verdict.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { Judgement } from '../catalogue/verdict.ts';
import { STORM } from '../catalogue/steps.ts';
import { generatorFindings, iterationFindings, thresholdFindings } from '../contract/run-findings.ts';
import { trendStatistic } from '../contract/series-counts.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { generatorErrors, timersLate } from './generator-evidence.ts';
import {
  compareRecords,
  countedIterations,
  faultCounts,
  flowsConserved,
  outcomeTableOf,
  unequalFaults,
} from './reconciliation.ts';
import { mayBeSilent } from './record-thresholds.ts';
import { sumOf } from './record-totals.ts';
import type { Rules, RunEnd, RunFile } from './run-file.ts';

/** The evidence that a verdict is based on. */
export interface Evidence {
  readonly run: Pick<RunFile, 'script' | 'host' | 'settings'>;
  readonly totals: SeriesTotals;
  readonly end: Pick<RunEnd, 'durationMs' | 'iterations' | 'thresholds' | 'ownDelay' | 'simulator'>;
  /** Findings that only the host, k6 or the parts of a merged run can know. */
  readonly told: readonly Finding[];
  readonly rules: Rules;
  /** Result of a capacity search; undefined if there was none or it found nothing. */
  readonly search?: SearchFound | undefined;
  /** The first exception of an iteration. */
  readonly firstThrown?: string | undefined;
}

/** The end of a successful capacity search. */
export interface SearchFound {
  readonly data: Finding['data'];
  /** Whether the search ended by this selector, so that its threshold had to fail. */
  readonly ended: (selector: string) => boolean;
}

/** Share of flows that may be interrupted at the end of a run that was not stopped early. */
const MOST_INTERRUPTED = 0.01;

/** Share of flows that may leave their path if the settings do not say (MAX_UNEXPECTED). */
const MOST_UNEXPECTED = 0.01;

/**
 * The only place that decides: every finding about a run, and the verdict. `run`, `--gate`, `import` and `merge` call
 * it; readers of a record find the result there.
 */
export function judge(evidence: Evidence): Judgement {
  const { search, rules } = evidence;
  const told = evidence.told.map((one) => byRules(one, rules));
  const derived = [iterations, generator, requests, storms, flows, thresholds, doubts].flatMap((of) => of(evidence));
  const found = [
    // What cuts a capacity search short is its regular end.
    ...told.filter(({ code, subject }) => code !== 'threshold_cut_short' || search?.ended(subject) !== true),
    // A part's finding is not repeated for the whole, unless the whole is worse than each of its parts.
    ...derived.filter(
      ({ code, exit }) =>
        kindOfFinding(code)?.merged === 'anew' ||
        !told.some((one) => one.code === code && (one.exit !== 0 || exit === 0)),
    ),
  ];
  return decide(found.map((one) => (rules.allowInvalid && isOfGenerator(one) ? allowed(one) : one)));
}

/** A part may have been judged by milder rules than the whole: its finding gets the exit code it would have had. */
function byRules(one: Finding, { gate, allowInvalid }: Rules): Finding {
  const kind = kindOfFinding(one.code);
  if (kind === undefined || one.exit !== 0 || kind.merged !== 'carried') return one;
  const counts = { ...one, exit: EXIT_CODES[kind.exit].code };
  if (kind.gate === true) return gate ? counts : one;
  const { allowed: wasAllowed, ...data } = one.data;
  return wasAllowed === true && !allowInvalid && isOfGenerator(one) ? { ...counts, data } : one;
}

function isOfGenerator({ code }: Finding): boolean {
  return kindOfFinding(code)?.exit === 'invalid';
}

function allowed(one: Finding): Finding {
  return { ...one, exit: 0, data: { ...one.data, allowed: true } };
}

function iterations({ end, rules, firstThrown }: Evidence): Finding[] {
  const { completed, started, planned, thrown = 0 } = end.iterations;
  const none = iterationFindings(end.iterations, firstThrown);
  if (none.length > 0) return none;
  const message = firstThrown === undefined ? {} : { message: firstThrown };
  if (thrown > 0 && thrown > rules.maxThrown * completed)
    return [finding('iterations_threw', { data: { thrown, completed, ...message }, gate: rules.gate })];
  return planned === 0 && started === 0 && end.iterations.derived !== true ? [finding('empty_part')] : [];
}

function generator({ run, totals, end }: Evidence): Finding[] {
  const late = run.host === 'k6' ? timersLate(totals, end.durationMs) : generatorFindings(end.ownDelay, end.durationMs);
  const storm = stormOf(totals);
  const capped = storm !== undefined && Object.keys(storm.held).length > 0;
  return [
    ...generatorErrors(totals),
    ...(capped ? late.map((one) => ({ ...one, data: { ...one.data, storm: storm.requests } })) : late),
  ];
}

/** What clients that asked again without a pause came to; undefined: none did. */
function stormOf(totals: SeriesTotals) {
  const requests = sumOf(totals.select('http_reqs', ({ peer }) => peer === STORM));
  if (requests === 0) return undefined;
  const counts = { answers: {} as Record<string, number>, held: {} as Record<string, number> };
  let [clients, longestMs] = [0, 0];
  for (const { tags, total } of totals.breakdown('storm_duration', ['http', 'held'])) {
    if (!('histogram' in total)) continue;
    const { http = '', held = 'no' } = tags;
    const count = trendStatistic(total, 'count');
    counts.answers[http] = (counts.answers[http] ?? 0) + count;
    if (held !== 'no') counts.held[held] = (counts.held[held] ?? 0) + count;
    clients += count;
    longestMs = Math.max(longestMs, trendStatistic(total, 'max'));
  }
  return { clients, requests, longestMs, ...counts };
}

/** A finding about the target: what it gets of its own clients when it errs. */
function storms({ run, totals }: Evidence): Finding[] {
  const storm = stormOf(totals);
  if (storm === undefined) return [];
  const limit = (name: string, otherwise: number): number => Number(run.settings[name] ?? otherwise);
  const caps = { user: limit('STORM_MAX_PER_USER', 100), run: limit('STORM_MAX', 2000) };
  return [finding('client_storm', { data: { ...storm, caps } })];
}

/** Whether anything answered at all; flows show that by their outcomes. */
function requests({ totals, rules }: Evidence): Finding[] {
  const all = sumOf(totals.select('http_reqs'));
  const unanswered = sumOf(totals.select('http_reqs', ({ status }) => status === '0'));
  if (all === 0 || unanswered < all || totals.select('flow_outcomes') !== undefined) return [];
  return [finding('nothing_answered', { data: { requests: all }, gate: rules.gate })];
}

/** Findings about flows and their outcomes. */
function flows({ run, totals, end, told }: Evidence): Finding[] {
  // A user's own script may have a counter of that name; ours has the flow kind as a tag.
  const started = sumOf(totals.select('flows', ({ kind = '' }) => kind !== ''));
  if (started === 0) return [];
  const ended = sumOf(totals.select('flow_outcomes'));
  return [
    ...bypassed(totals),
    ...outOfStep(totals, ended, mostUnexpected(run)),
    ...unexpecting(totals, ended),
    ...cutOff(totals, started, ended, wasStopped(told)),
    ...(ended === 0 && !wasStopped(told) && end.iterations.completed > 0 ? [finding('nothing_played')] : []),
  ];
}

/** Exit codes that end a run early. */
const STOPS: readonly ExitName[] = ['interrupted', 'aborted', 'script_exception', 'internal_error'];
const CUTS_SHORT: readonly string[] = ['threshold_cut_short', 'worker_lost'];

/** Whether the run was stopped early: then interrupted flows say nothing. */
function wasStopped(told: readonly Finding[]): boolean {
  return told.some(
    ({ code, exit }) => CUTS_SHORT.includes(code) || STOPS.some((name) => EXIT_CODES[name].code === exit),
  );
}

/** Flows that were let in without their second factor. Users who are expected to skip MFA are not a mismatch. */
function bypassed(totals: SeriesTotals): Finding[] {
  const mismatches = new Map(
    totals
      .breakdown('outcome_mismatch', ['kind'])
      .map(({ tags, total }) => [tags['kind'] ?? '', 'passes' in total ? total.passes : 0]),
  );
  const kinds: Record<string, number> = {};
  for (const { tags, total } of totals.breakdown('flow_outcomes', ['kind', 'outcome'])) {
    if (tags['outcome'] !== 'bypassed') continue;
    const kind = tags['kind'] ?? '';
    const count = Math.min(sumOf(total), mismatches.get(kind) ?? 0);
    if (count > 0) kinds[kind] = count;
  }
  const count = Object.values(kinds).reduce((sum, one) => sum + one, 0);
  const ended = sumOf(totals.select('flow_outcomes'));
  return count === 0 ? [] : [finding('mfa_bypassed', { data: { flows: count, ended, kinds } })];
}

/** Share of flows that may leave their path: none in a smoke test, which plays each kind exactly. */
function mostUnexpected({ script, settings }: Evidence['run']): number {
  if (script === 'smoke') return 0;
  const most = Number(settings['MAX_UNEXPECTED'] ?? NaN);
  return most >= 0 && most <= 1 ? most : MOST_UNEXPECTED;
}

function outOfStep(totals: SeriesTotals, ended: number, most: number): Finding[] {
  const places = totals
    .breakdown('off_path', ['kind', 'status', 'path'])
    .map(({ tags, total }) => ({
      ...{ kind: tags['kind'] ?? '', status: tags['status'] ?? '', path: tags['path'] ?? '' },
      flows: sumOf(total),
    }))
    .filter(({ flows: count }) => count > 0)
    .sort((a, b) => b.flows - a.flows);
  const count = places.reduce((sum, place) => sum + place.flows, 0);
  if (count === 0) return [];
  const found = finding('inventory_out_of_step', { data: { flows: count, ended, most, places } });
  return [count > most * ended ? found : { ...found, exit: 0 }];
}

/** Flows of users without an expected outcome. */
function unexpecting(totals: SeriesTotals, ended: number): Finding[] {
  const found = Object.fromEntries(
    totals.breakdown('paths_found', ['found']).map(({ tags, total }) => [tags['found'] ?? '', sumOf(total)] as const),
  );
  const count = Object.values(found).reduce((sum, one) => sum + one, 0);
  return count === 0 ? [] : [finding('nothing_expected', { data: { flows: count, ended, found } })];
}

function cutOff(totals: SeriesTotals, started: number, ended: number, stopped: boolean): Finding[] {
  const interrupted = started - ended;
  if (stopped || interrupted <= MOST_INTERRUPTED * started) return [];
  const kinds: Record<string, number> = {};
  const add = (metric: string, sign: number): void => {
    for (const { tags, total } of totals.breakdown(metric, ['kind']))
      kinds[tags['kind'] ?? ''] = (kinds[tags['kind'] ?? ''] ?? 0) + sign * sumOf(total);
  };
  add('flows', 1);
  add('flow_outcomes', -1);
  const hit = Object.fromEntries(Object.entries(kinds).filter(([, count]) => count > 0));
  return [finding('flows_interrupted', { data: { interrupted, started, most: MOST_INTERRUPTED, kinds: hit } })];
}

function thresholds({ totals, end, told, rules, search }: Evidence): Finding[] {
  const judged =
    search === undefined ? end.thresholds : end.thresholds.filter(({ ok, metric }) => ok || !search.ended(metric));
  const silent = judged.filter(({ value, ok }) => value === null && ok);
  const ours = totals.select('flows') !== undefined;
  const reached = (metric: string): boolean => totals.select(metric) !== undefined;
  // A run that was stopped early may not have reached every metric.
  const strict = rules.gate && !rules.allowNoSamples && !wasStopped(told);
  return [
    ...thresholdFindings(judged),
    ...(search === undefined ? [] : [finding('capacity_found', { data: search.data })]),
    ...silent.map(({ metric, expression }) =>
      finding('not_judged', {
        subject: metric,
        data: { expression },
        gate: strict && !(ours && mayBeSilent(metric, reached)),
      }),
    ),
  ];
}

/** Reasons not to trust the numbers themselves. */
function doubts({ run, totals, end, rules }: Evidence): Finding[] {
  const { gate } = rules;
  const table = outcomeTableOf(totals);
  const ended = table.flows - table.interrupted;
  const counted = countedIterations({ host: run.host, end });
  const lost = table.flows > 0 && flowsConserved({ started: table.flows, ended }, counted) === false;
  const starts = end.simulator?.starts;
  const disagree = starts !== undefined && table.flows > 0 && !compareRecords(table, starts).agrees;
  const interrupted = end.iterations.interrupted;
  return [
    ...(lost ? [finding('flows_lost', { data: { started: table.flows, ended, interrupted }, gate })] : []),
    ...(disagree
      ? [finding('records_disagree', { data: { starts, flows: table.flows, unanswered: table.unanswered }, gate })]
      : []),
    ...unequalFaults(faultCounts(totals)).map(({ fault, seen, served }) =>
      finding('faults_unequal', { subject: fault, data: { seen, served } }),
    ),
  ];
}
