import { findingWords } from '../catalogue/finding-words.ts';
import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import { selector } from '../contract/selector.ts';
import type { RunResult } from '../engine/result.ts';
import { judge } from '../record/judge.ts';
import { plannedLevels } from '../record/planned-levels.ts';
import type { RecordFold } from '../record/record-fold.ts';
import type { ResultsFolder } from '../record/results-folder.ts';
import { RULES } from '../record/run-file.ts';
import type { Rules, RunEnd, RunFile, SeriesCount } from '../record/run-file.ts';
import { driftFindings } from './drift-of-run.ts';
import type { DriftFound } from './drift-of-run.ts';
import { foundInRecord } from './record/recorded-search.ts';
import { resilienceFindings } from './resilience-findings.ts';
import type { ResilienceFound } from './resilience-of-run.ts';

/** Flags that change how a run is judged. */
export interface JudgedFlags {
  readonly gate?: true;
  readonly allowInvalid?: true;
  readonly allowNoSamples?: true;
  /** Share of iterations that may throw. */
  readonly maxThrown?: number;
}

export function rulesOf({ gate, allowInvalid, allowNoSamples, maxThrown }: JudgedFlags): Rules {
  return {
    gate: gate === true,
    allowInvalid: allowInvalid === true,
    allowNoSamples: allowNoSamples === true,
    maxThrown: maxThrown ?? RULES.maxThrown,
  };
}

/** Facts about a finished run that its record lacks. */
export interface EndedRun {
  readonly result: RunResult;
  readonly rules: Rules;
  /** Flow starts that the run's simulator counted; undefined without a simulator, or if it did not answer. */
  readonly starts: number | undefined;
  readonly simulated: boolean;
  /** Why files that a gate needs could not be written; undefined: all were. */
  readonly unwritten: string | undefined;
  /** A gap in the record; undefined: none. */
  readonly hole: Finding | undefined;
  /** Expected contents of series.jsonl. */
  readonly series: SeriesCount;
  readonly drift?: DriftFound;
  readonly resilience?: ResilienceFound;
}

export function endOfRun(
  run: RunFile,
  { totals }: RecordFold,
  results: Pick<ResultsFolder, 'failures' | 'causes'>,
  { result, rules, starts, simulated, unwritten, hole, series, drift, resilience }: EndedRun,
): RunEnd {
  const { durationMs, iterations, thresholds, ownDelay } = result;
  const simulator = starts === undefined ? null : { starts };
  const plays = totals.select('flows') !== undefined;
  const told: readonly Finding[] = [
    ...result.findings,
    ...(simulated && plays && starts === undefined ? [finding('simulator_lost')] : []),
    ...(hole === undefined ? [] : [hole]),
    ...driftFindings(drift, rules.gate),
    ...resilienceFindings(resilience, run.resilience, rules.gate),
    ...(unwritten === undefined
      ? []
      : [finding('files_unwritten', { data: { message: unwritten }, gate: rules.gate })]),
  ];
  const search = foundInRecord(thresholds, {
    reached: (level) => totals.select(selector('flows', { level })) !== undefined,
    durationMs,
    levels: plannedLevels([run]),
  });
  const end = { durationMs, iterations, thresholds, ownDelay, simulator };
  const judgement = judge({ run, totals, end, told, rules, search, firstThrown: result.firstThrown });
  const reason = findingWords(judgement.findings);
  return {
    // From the monotonic clock, as the start is: the wall clock may have been set meanwhile.
    endedAt: new Date(performance.timeOrigin + performance.now()).toISOString(),
    ...judgement,
    causes: results.causes,
    rules,
    ...(reason === '' ? {} : { reason }),
    ...end,
    failures: results.failures,
    series,
  };
}
