import { backWords } from '../../analysis/recovery/words.ts';
import { counted, lengthOfTime, quantity } from '../quantity.ts';
import { limitWords } from '../threshold-words.ts';
import { phaseOf, slowestRecovery } from './answer-facts.ts';
import type { AnswerFacts } from './answer-facts.ts';
import { RUN_KINDS } from './answer-model.ts';
import type { AnswerView, RunKind } from './answer-model.ts';
import type { RunFacts, VerdictView } from './report-model.ts';
import { asSentence, failedCount, heldWords } from './verdict-view.ts';

const whole = (value: number): string => quantity(value, 'count');
const rough = (value: number): number => Number(value.toPrecision(3));
/** A rate in flows: `16 flows/s`. */
const rateWords = (perSecond: number): string => `${rough(perSecond)} flows/s`;

/** The answer of each kind of run that was judged, in one sentence without its end. */
const SENTENCES: Readonly<Record<RunKind, (facts: AnswerFacts) => string>> = {
  smoke: (facts) => joined([endings(facts, kindsWords(facts)), failedThresholds(facts)]),
  flows: (facts) => joined([endings(facts), thresholdsWords(facts)]),
  load: (facts) => withLoad(joined([unexpected(facts), thresholdsWords(facts)]), facts),
  soak: (facts) => joined([driftWords(facts), withLoad(joined([unexpected(facts), thresholdsWords(facts)]), facts)]),
  spike: (facts) => {
    const p95 = (phase: string): string => quantity(phaseOf(facts, phase)?.duration.p95 ?? null, 'ms');
    return `request p95 was ${p95('steady')} before the spike, ${p95('spike')} in it and ${p95('recovery')} after it: ${joined([unexpected(facts), thresholdsWords(facts)])}`;
  },
  resilience: (facts) => {
    const row = phaseOf(facts, 'steady');
    const faults = facts.faults.filter(({ begun }) => begun > 0).length;
    const them = faults === 1 ? 'it' : 'them';
    const outside =
      row === undefined || row.judged === 0
        ? `nothing was played outside of ${them}`
        : `${row.notAsPrescribed === 0 ? 'none' : whole(row.notAsPrescribed)} of ${whole(row.judged)} was lost outside of ${them}`.replace(
            /^(\d.*) was/,
            '$1 were',
          );
    const inside = ['fault', 'recovery'].map((phase) => phaseOf(facts, phase));
    const sum = (of: 'judged' | 'notAsPrescribed'): string =>
      whole(inside.reduce((all, part) => all + (part?.[of] ?? 0), 0));
    const last = slowestRecovery(facts.resilience);
    const back =
      last === undefined
        ? ''
        : `; back after ${backWords(last.recovery, '95 %: ')}${faults === 1 ? '' : ` at most, after ${last.name}`}`;
    return `${counted(faults, 'fault')} and ${faults === 1 ? 'its recovery' : 'their recoveries'} cost ${sum('notAsPrescribed')} of ${sum('judged')} flows, ${outside}${back}: ${joined([failedExpectations(facts), failedThresholds(facts)]) || thresholdsWords(facts)}`;
  },
  capacity: (facts) => staircaseWords(facts),
  script: (facts) => {
    const { ended = 0 } = facts.throughput?.totals ?? {};
    const { samples } = facts.failedRequests;
    return `${counted(ended, 'iteration')} with ${counted(samples, 'request')}${isOwn(facts) ? '' : ', in which no flow was played'}: ${thresholdsWords(facts)}`;
  },
};

/** Of a run that gives no verdict on the target, what it is instead. */
const UNDECIDED: Readonly<Partial<Record<VerdictView['verdict'], (facts: AnswerFacts) => string>>> = {
  invalid: () => 'no verdict on the target: the load generator was at fault, so the figures say nothing about it',
  error: () => 'no verdict on the target: the run ended in an error',
  aborted: ({ run }) => `no verdict: the script aborted the run after ${lengthOf(run)}`,
  interrupted: ({ run }) =>
    `no verdict: the run was stopped, and ended after ${lengthOf(run)}; the figures cover that part`,
  killed: ({ run }) => `no verdict: the run was killed after ${lengthOf(run)}; the figures cover what was recorded`,
};

/** The answer of a run. `incomplete`: its record has a gap. */
export function answerView(facts: AnswerFacts, verdict: VerdictView['verdict'], incomplete: boolean): AnswerView {
  const undecided = UNDECIDED[verdict];
  const words = undecided === undefined ? SENTENCES[facts.kind](facts) : undecided(facts);
  return {
    kind: facts.kind,
    sentence: asSentence(incomplete ? `a part of the record is missing; of the rest: ${words}` : words),
  };
}

/** Whether a script is its owner's; in our own scenarios flows are missed. */
function isOwn({ run }: AnswerFacts): boolean {
  return !RUN_KINDS.some((kind) => kind === run.script);
}

function driftWords({ drift }: AnswerFacts): string {
  if (drift === null) return 'drift was not judged';
  const [first = ''] = drift.sentences;
  return drift.verdict.verdict === 'not_known' ? `whether it drifts is ${first}` : first;
}

function joined(clauses: readonly string[]): string {
  return clauses.filter((clause) => clause !== '').join('; ');
}

/** How flows ended: `all 60 flows, of 15 kinds, ended as expected`. */
function endings({ flows }: AnswerFacts, of = ''): string {
  if (flows === null) return 'no flow was played';
  const { judged, ended, notAsPrescribed } = flows;
  const cut = flows.interrupted === 0 ? '' : `, ${whole(flows.interrupted)} more were cut off`;
  if (ended === 0) return `none of ${counted(flows.started, 'flow')} ended`;
  if (judged === 0)
    return `${counted(ended, 'flow')}${of} ended, none of them with an expected outcome to compare${cut}`;
  if (notAsPrescribed > 0)
    return `${whole(notAsPrescribed)} of ${counted(judged, 'flow')}${of} did not end as expected${cut}`;
  return `${judged === 1 ? 'the only flow' : `all ${whole(judged)} flows`}${of} ended as expected${cut}`;
}

/** Of which kinds flows were or, if some did not end as expected, in how many of them these are. */
function kindsWords({ flows }: AnswerFacts): string {
  const kinds = flows?.kinds ?? [];
  const wrong = kinds.filter(({ notAsPrescribed }) => notAsPrescribed > 0).length;
  const all = counted(kinds.length, 'kind');
  return wrong === 0 || kinds.length === 1 ? `, of ${all},` : `, in ${whole(wrong)} of ${all},`;
}

/** The same where it is bad news; else ''. */
function unexpected(facts: AnswerFacts): string {
  const { flows } = facts;
  return flows !== null && (flows.notAsPrescribed > 0 || flows.ended === 0) ? endings(facts) : '';
}

/** `20 flows/s for 10 min, or 72,000 flows and 55,400 pairings an hour`. */
function carried({ volume }: AnswerFacts): string {
  if (volume === null) return 'no flow was started';
  const { perSecond, lengthMs, pairedShare } = volume;
  const pairings = pairedShare === null ? '' : ` and ${whole(rough(perSecond * pairedShare * 3_600))} pairings`;
  return `${rateWords(perSecond)} for ${lengthOfTime(lengthMs)}, or ${whole(rough(perSecond * 3_600))} flows${pairings} an hour`;
}

/** What was judged, and under which load: what was only tried must not read as proven. */
function withLoad(words: string, facts: AnswerFacts): string {
  const { proven, volume } = facts;
  if (proven || volume === null) return `${carried(facts)}: ${words}`;
  const { perSecond, lengthMs } = volume;
  return `${words}, at ${rateWords(perSecond)} for ${lengthOfTime(lengthMs)}: this rate is not shown to hold`;
}

/** How many expectations of faults failed; '' if none did. */
function failedExpectations({ resilience }: AnswerFacts): string {
  const failed = resilience?.cases.filter(({ outcome }) => outcome === 'failed').length ?? 0;
  return failed === 0 ? '' : `${failed} of ${counted(resilience!.cases.length, 'expectation')} failed`;
}

/** Whether the thresholds held, and which was missed by most. */
function thresholdsWords(facts: AnswerFacts): string {
  const { thresholds } = facts;
  if (thresholds.length === 0) return 'there are no thresholds, so nothing was judged';
  if (thresholds.every(({ value, ok }) => value === null && ok))
    return 'no threshold had a sample, so nothing was judged';
  return failedThresholds(facts) || heldWords(thresholds);
}

/** How many thresholds failed, and the worst that does not only say how flows ended; '' if none did. */
function failedThresholds({ thresholds, flows }: AnswerFacts): string {
  const failed = thresholds.filter(({ ok }) => !ok);
  if (failed.length === 0) return '';
  const said = flows?.notAsPrescribed ?? 0;
  const worst = failed.find(({ metric }) => said === 0 || !metric.startsWith('outcome_mismatch'));
  const named = worst === undefined ? '' : `, ${failed.length === 1 ? '' : 'above all '}${limitWords(worst)}`;
  return `${failedCount(failed.length, thresholds)}${named}`;
}

function staircaseWords(facts: AnswerFacts): string {
  const { staircase, thresholds } = facts;
  if (staircase === null) return joined([endings(facts), thresholdsWords(facts)]);
  const { held, broke, pairedShare } = staircase;
  const why = thresholds.find(({ ok, metric }) => !ok && broke !== null && metric.includes(`level:${broke.name}`));
  const because =
    broke?.ending === 'not finished'
      ? ' was not played to its end'
      : ` did not${why === undefined ? '' : `: ${limitWords(why)}`}`;
  if (held === null)
    return `not even ${rateWords(broke?.rate ?? 0)} held${why === undefined ? '' : `: ${limitWords(why)}`}`;
  const pairings = pairedShare === null ? '' : ` and ${whole(rough(held.rate * pairedShare * 3_600))} pairings`;
  const answer = `${rateWords(held.rate)} held, or ${whole(rough(held.rate * 3_600))} flows${pairings} an hour`;
  return `${answer}; ${broke === null ? 'it was the highest rate tried' : `${rateWords(broke.rate)}${because}`}`;
}

/** How long it ran, and how long it was planned to. */
function lengthOf({ durationMs, scenarios }: RunFacts): string {
  const ends = scenarios.map(({ startMs, durationMs: length }) => (length === null ? Infinity : startMs + length));
  const planned = Math.max(0, ...ends);
  const of = Number.isFinite(planned) && planned > durationMs ? ` of ${lengthOfTime(planned)}` : '';
  return `${lengthOfTime(durationMs)}${of}`;
}
