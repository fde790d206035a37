import type { RecordTotals } from '../../analysis/record-totals.ts';
import { evaluateThresholds } from '../../analysis/record-thresholds.ts';
import { EXIT_CODES } from '../../contract/exit-codes.ts';
import type { ExitName } from '../../contract/exit-codes.ts';
import type { OwnDelay } from '../../contract/run-record/own-delay.ts';
import { RUN_VERSION } from '../../contract/run-record/run-file.ts';
import type { FailureCounts, Iterations, RunEnd, RunFile } from '../../contract/run-record/run-file.ts';
import type { MetricType } from '../../contract/series-counts.ts';
import { parseSelector } from '../../contract/threshold-selector.ts';
import type { Finding } from '../../engine/result.ts';
import { VERSION } from '../package.ts';
import { iterationsOf, verdictOf } from '../record/record-verdict.ts';
import { foundInRecord, plannedLevels } from '../record/recorded-search.ts';
import { mergedScenarios } from './merged-scenarios.ts';
import type { MergedSeries } from './merge-series.ts';
import type { Part } from './parts.ts';

/**
 * run.json of the whole. Thresholds are evaluated on the whole, whatever they were in the parts; everything else that a part
 * ended with (invalid, interrupted, aborted, killed) holds for the whole, by the order of contract/exit-codes.ts.
 */
export function mergedRun(
  parts: readonly Part[],
  { totals, lengths, recorded }: MergedSeries,
  failures: FailureCounts,
  testid: string,
): RunFile {
  const runs = parts.map(({ run }) => run);
  const { script, intervalMs, thresholds } = runs[0]!;
  const startMs = Math.min(...runs.map(({ startedAt }) => Date.parse(startedAt)));
  const durations = runs.map(({ end }, at) => end?.durationMs ?? lengths[at]! * intervalMs);
  const durationMs = Math.max(...parts.map(({ shift }, at) => shift * intervalMs + durations[at]!));
  const ends = runs.map(({ end }) => end);
  const results = evaluateThresholds(totals, thresholds, durationMs, countersOf(ends));
  // Each part ends a search by itself: the load is that of all of them only as long as each one goes on.
  const search = foundInRecord(results, {
    reached: (level) =>
      recorded.every((series) => series.some(({ metric, tags }) => metric === 'flows' && tags['level'] === level)),
    durationMs: Math.min(...durations),
    levels: plannedLevels(runs),
  });
  return {
    record: 'pairstorm-run',
    version: RUN_VERSION,
    testid,
    pairstorm: VERSION,
    host: runs[0]!.host,
    script,
    startedAt: new Date(startMs).toISOString(),
    intervalMs,
    target: sameOrNull(runs.map(({ target }) => target)),
    simulated: runs.every(({ simulated }) => simulated),
    seed: sameOrNull(runs.map(({ seed }) => seed)),
    inventory: sameOrNull(runs.map(({ inventory }) => inventory)),
    settings: mergedSettings(runs.map(({ settings }) => settings)),
    scenarios: mergedScenarios(
      parts.map(({ run: { scenarios }, shift }) => ({ scenarios, lateMs: shift * intervalMs })),
    ),
    thresholds,
    machines: runs.flatMap(({ machines }) => machines),
    end: {
      endedAt: new Date(startMs + durationMs).toISOString(),
      durationMs,
      ...verdictOf(results, parts.map(findingOf), search),
      iterations: mergedIterations(ends, totals),
      thresholds: results,
      ownDelay: worstDelay(ends.flatMap((end) => (end?.ownDelay == null ? [] : [end.ownDelay]))),
      simulator: mergedStarts(ends),
      failures,
    },
  };
}

/** What the reason of a run that crossed thresholds says of them, and, behind it, what else was found (cli/gate.ts). */
const THRESHOLDS_AND_MORE = /^(?:threshold|\d+ thresholds) (?:failed|crossed)\b[^;]*(?:; (.*))?$/s;

/** What a part failed by, besides thresholds, which are judged anew: that its records disagree, say. */
function besideThresholds({ reason, thresholds, verdict }: RunEnd): string | undefined {
  if (thresholds.every(({ ok }) => ok)) return reason ?? verdict;
  if (reason === undefined) return undefined;
  const known = THRESHOLDS_AND_MORE.exec(reason);
  return known === null ? reason : known[1];
}

/**
 * Counters that thresholds name, where no part has a sample: a part that knew their type judged them by the value 0, and of no
 * other type a threshold has a value without samples. Of metrics with samples the type is known.
 */
function countersOf(ends: readonly (RunEnd | null)[]): ReadonlyMap<string, MetricType> {
  const judged = ends.flatMap((end) => end?.thresholds ?? []).filter(({ value }) => value !== null);
  return new Map(judged.map(({ metric }) => [parseSelector(metric).metric, 'counter']));
}

/** What a part ended with, besides thresholds. */
function findingOf({ run: { end }, folder }: Part): Finding | undefined {
  if (end === null) return { exit: 'interrupted', reason: `${folder} was killed: it lacks what came after` };
  const { thresholds_failed, pass } = EXIT_CODES;
  if (end.exitCode === pass.code) return undefined;
  if (end.exitCode === thresholds_failed.code) {
    const reason = besideThresholds(end);
    return reason === undefined ? undefined : { exit: 'thresholds_failed', reason: `${folder}: ${reason}` };
  }
  const names = Object.keys(EXIT_CODES) as ExitName[];
  const exit = names.find((name) => EXIT_CODES[name].code === end.exitCode) ?? 'script_exception';
  return { exit, reason: `${folder}: ${end.reason ?? end.verdict}` };
}

/** Iterations of all parts; of one that was killed, nobody counted those that did not end. */
function mergedIterations(ends: readonly (RunEnd | null)[], totals: RecordTotals): Iterations {
  if (ends.includes(null)) return iterationsOf(totals);
  const sum = (name: Exclude<keyof Iterations, 'derived'>): number =>
    ends.reduce((total, end) => total + end!.iterations[name], 0);
  return {
    planned: sum('planned'),
    started: sum('started'),
    completed: sum('completed'),
    interrupted: sum('interrupted'),
    dropped: sum('dropped'),
    ...(ends.some((end) => end?.iterations.derived === true) ? { derived: true } : {}),
  };
}

/** The worst of each; CPU is that of all machines together. */
function worstDelay(delays: readonly OwnDelay[]): OwnDelay | null {
  if (delays.length === 0) return null;
  const worst = (list: readonly { readonly p99Ms: number; readonly maxMs: number }[]) => ({
    p99Ms: Math.max(...list.map(({ p99Ms }) => p99Ms)),
    maxMs: Math.max(...list.map(({ maxMs }) => maxMs)),
  });
  const lags = delays.flatMap(({ startLag }) => (startLag === null ? [] : [startLag]));
  return {
    eventLoop: worst(delays.map(({ eventLoop }) => eventLoop)),
    startLag: lags.length === 0 ? null : worst(lags),
    cpuCores: delays.reduce((sum, { cpuCores }) => sum + cpuCores, 0),
    gc: {
      share: Math.max(...delays.map(({ gc }) => gc.share)),
      maxMs: Math.max(...delays.map(({ gc }) => gc.maxMs)),
    },
  };
}

function mergedStarts(ends: readonly (RunEnd | null)[]): RunEnd['simulator'] {
  const starts = ends.map((end) => end?.simulator?.starts);
  return starts.every((count) => count !== undefined) ? { starts: starts.reduce((a, b) => a + b, 0) } : null;
}

/** What all have, or null. */
function sameOrNull<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values;
  return values.every((value) => JSON.stringify(value) === JSON.stringify(first)) ? first : null;
}

/** Settings of all parts; one that parts have differently (their execution segment, say) is told as such. */
function mergedSettings(all: readonly RunFile['settings'][]): RunFile['settings'] {
  const names = new Set(all.flatMap((settings) => Object.keys(settings)));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = new Set(all.map((settings) => settings[name]));
      return [name, values.size === 1 ? [...values][0]! : '(differs from part to part)'];
    }),
  );
}
