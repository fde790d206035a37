import type { RunFile } from '../../record/run-file.ts';
import type { ResilienceRules } from '../../record/analysis-rules.ts';
import type { FaultEdges, RecoveryInput } from './collect.ts';
import { checkFault, usualExpectations } from './hypothesis.ts';
import type { CaseOutcome, Checked } from './hypothesis.ts';
import { judgeFault } from './judge-fault.ts';
import type { FaultVerdict } from './judge-fault.ts';
import type { FaultTimes, RecoverySettings } from './series.ts';
import { DEFAULT_RECOVERY_SETTINGS } from './series.ts';

/** The verdict on the faults of a run: what broke, when it was over, what it cost. */
export interface Resilience {
  readonly verdict: CaseOutcome;
  readonly faults: readonly FaultJudged[];
}

/** A fault with its times, its effects, and its hypothesis. */
export interface FaultJudged {
  readonly name: string;
  /** When it was confirmed to have started and ended, in milliseconds since the start of the run; null: it was not. */
  readonly beginMs: number | null;
  readonly endMs: number | null;
  /** Null: not judged, for this reason. */
  readonly effects: FaultVerdict | null;
  readonly unjudged: Unjudged | null;
  readonly cases: readonly Checked[];
}

/**
 * Why a fault is not judged: it was not confirmed to have started or ended; the time before it, or to recover, is too
 * short; intervals are longer than a second. `seconds`: how long that is.
 */
export interface Unjudged {
  readonly code: 'not_started' | 'not_ended' | 'short_steady' | 'short_recovery' | 'no_flows' | 'coarse';
  readonly seconds: number;
}

/** Shortest steady part and recovery that show anything, in seconds. */
export const LEAST_SECONDS = 5;

/** The order in which outcomes of cases decide the whole. */
const ORDER: readonly CaseOutcome[] = ['failed', 'error', 'not_known', 'passed'];

/** Judges each fault of a run. */
export function judgeResilience(
  input: RecoveryInput,
  rules: ResilienceRules,
  { settings }: Pick<RunFile, 'settings'>,
): Resilience {
  const faults = input.faults.map((fault, at) => judged(input, fault, input.faults[at + 1], rules, settings));
  const outcomes = new Set(faults.flatMap(({ cases }) => cases.map(({ outcome }) => outcome)));
  return { verdict: ORDER.find((outcome) => outcomes.has(outcome)) ?? 'not_known', faults };
}

function judged(
  input: RecoveryInput,
  fault: FaultEdges,
  next: FaultEdges | undefined,
  rules: ResilienceRules,
  settings: RunFile['settings'],
): FaultJudged {
  const { name, begin, end } = fault;
  const ms = (seconds: number | undefined): number | null =>
    seconds === undefined ? null : Math.round(1_000 * seconds);
  const facts = { name, beginMs: ms(begin), endMs: ms(end) };
  const times = timesOf(input, fault, next, Number(settings['FAULT_SHARE'] ?? FAULT_SHARE));
  const expected = [
    ...rules.hypotheses.filter((one) => one.fault === name),
    // What is not said otherwise is expected as usual.
    ...usualExpectations({ ...times, name }).filter(
      ({ measure }) => !rules.hypotheses.some((one) => one.fault === name && one.measure === measure),
    ),
  ].map(({ measure, limit }) => ({ measure, limit }));
  const unjudged = whyNot(input, fault, times);
  if (unjudged === undefined) {
    const effects = judgeFault(input.run, times, recoverySettings(rules, settings));
    return { ...facts, effects, unjudged: null, cases: checkFault(effects, expected) };
  }
  const nothing = { fault: name, outcome: 'not_known', value: null, low: null, high: null, rateNeeded: null } as const;
  return { ...facts, effects: null, unjudged, cases: expected.map((one) => ({ ...one, ...nothing })) };
}

/** Default of FAULT_SHARE, for records without settings. */
const FAULT_SHARE = 0.3;

/** Times of a fault by what was confirmed and which parts its requests began in; without an end, of no length. */
function timesOf(
  { run, steady, faults, detections }: RecoveryInput,
  { name, begin = 0, end = begin }: FaultEdges,
  next: FaultEdges | undefined,
  share: number,
): FaultTimes {
  const first = Math.floor(faults[0]?.begin ?? 0);
  const from = steady.indexOf(true);
  const after = steady.findIndex((is, second) => is && second >= end);
  const lastStart = run.started.findLastIndex((flows) => flows > 0) + 1;
  const limit = next?.begin ?? lastStart;
  const recoveryEnd = after === -1 ? Math.max(end, Math.floor(limit)) : Math.min(after, Math.max(end, limit));
  const detected = detectedIn(detections, begin, next?.begin ?? Infinity);
  return {
    ...{ name, begin, end, recoveryEnd, share },
    // The second in which the steady part begins has some of the ramp.
    steadyFrom: from === -1 ? first : Math.min(first, from + 1),
    steadyTo: first,
    steadyEnd: Math.max(recoveryEnd, Math.floor(limit)),
    ...(detected === undefined ? {} : { detected }),
  };
}

/** The detector's last no and first yes since a fault's begin. Null: no yes; undefined: none was asked, or it said yes before. */
function detectedIn(detections: RecoveryInput['detections'], begin: number, until: number): FaultTimes['detected'] {
  const before = detections.findLast(({ at }) => at <= begin);
  const during = detections.filter(({ at }) => at > begin && at < until);
  if (during.length === 0 || before?.yes === true) return undefined;
  const first = during.findIndex(({ yes }) => yes);
  return first === -1 ? null : { lastNo: during[first - 1]?.at ?? before?.at ?? begin, firstYes: during[first]!.at };
}

function whyNot({ run, coarse }: RecoveryInput, { begin, end }: FaultEdges, times: FaultTimes): Unjudged | undefined {
  const { steadyFrom, steadyTo, recoveryEnd } = times;
  const sum = (values: readonly number[]): number =>
    values.slice(steadyFrom, steadyTo).reduce((total, value) => total + value, 0);
  const left = recoveryEnd - (end ?? recoveryEnd);
  if (coarse !== undefined) return { code: 'coarse', seconds: coarse };
  if (begin === undefined) return { code: 'not_started', seconds: 0 };
  if (end === undefined) return { code: 'not_ended', seconds: 0 };
  if (steadyTo - steadyFrom < LEAST_SECONDS) return { code: 'short_steady', seconds: steadyTo - steadyFrom };
  if (left < LEAST_SECONDS) return { code: 'short_recovery', seconds: Math.max(0, left) };
  return sum(run.ended) === 0 || sum(run.requests) === 0 ? { code: 'no_flows', seconds: 0 } : undefined;
}

/** Limits of health are those of the run's thresholds. */
function recoverySettings(rules: ResilienceRules, settings: RunFile['settings']): RecoverySettings {
  const limit = (name: string, otherwise: number): number => {
    const value = Number(settings[name] ?? NaN);
    return Number.isFinite(value) ? value : otherwise;
  };
  const usual = DEFAULT_RECOVERY_SETTINGS;
  return {
    ...usual,
    mostErrors: limit('MAX_ERROR_RATE', usual.mostErrors),
    mostOff: limit('MAX_ERROR_RATE', usual.mostOff),
    mostP95: limit('P95_MS', usual.mostP95),
    // Of an objective of 1, which a foreign record may have, there is no budget to divide by.
    objective: Math.min(rules.objective, 0.999_999),
    ...(rules.signInsPerMonth === undefined ? {} : { signInsPerWindow: rules.signInsPerMonth }),
  };
}
