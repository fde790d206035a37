import { plannedArrivals } from '../../contract/planned-scenario.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import { countedIterations } from '../../record/reconciliation.ts';
import type { RecordFold } from '../../record/record-fold.ts';
import { sumOf } from '../../record/record-totals.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { Throughput } from './report-model.ts';
import { largestOverTime } from './trend-summary.ts';
import type { TimeAxis } from './trend-summary.ts';

/**
 * Starts and ends by column compared with the plan; null if nothing was started. Iterations are only counted once
 * complete: how many were started is known to the host alone, and only for the whole run.
 */
export function throughput(
  fold: RecordFold,
  run: RunFile,
  { columns, widthMs }: TimeAxis,
  recordedMs: number,
): Throughput | null {
  const flows = fold.track('flows').some((total) => total !== undefined);
  const iterations = fold.track('iterations').some((total) => total !== undefined);
  if (!flows && !iterations) return null;
  const started = flows ? fold.track('flows').map(sumOf) : null;
  const ended = fold.track(flows ? 'outcomes' : 'iterations').map(sumOf);
  const dropped = fold.track('dropped').map(sumOf);
  const plans = run.scenarios.flatMap(({ arrivals }) => (arrivals === null ? [] : [arrivals]));
  const plannedIn = (fromMs: number, toMs: number): number =>
    plans.reduce((sum, arrivals) => sum + plannedArrivals(arrivals, fromMs, toMs), 0);
  const perSecond = (count: number): number => (count * 1_000) / widthMs;
  const axis = Array.from({ length: columns }, (_, at) => at * widthMs);
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  return {
    unit: flows ? 'flows' : 'iterations',
    planned:
      plans.length === 0
        ? null
        : axis.map((fromMs) => {
            // What was planned for after the end was not asked of the target.
            const playedMs = Math.min(widthMs, recordedMs - fromMs);
            return playedMs < widthMs / 2 ? null : (plannedIn(fromMs, fromMs + playedMs) * 1_000) / playedMs;
          }),
    started: started?.map(perSecond) ?? null,
    ended: ended.map(perSecond),
    dropped: dropped.map(perSecond),
    totals: {
      planned: plans.length === 0 ? null : plannedIn(0, recordedMs),
      started: started === null ? (countedIterations(run)?.started ?? null) : total(started),
      ended: total(ended),
      dropped: total(dropped),
    },
    vus: largestOverTime(fold.track('vus')),
    requests: fold.track('requests').map((counted: SeriesTotal | undefined) => perSecond(sumOf(counted))),
  };
}
