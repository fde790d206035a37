import { hash32 } from '../../contract/draw.ts';
import type { Estimate, NoEstimate } from './estimate.ts';
import type { Direction } from './judged-metrics.ts';
import { estimatePercentile } from './percentile-estimate.ts';
import { estimateRate, estimateShare } from './ratio-estimate.ts';
import type { CollectedRun } from './run-collector.ts';
import { FIRST, SECOND } from './run-series.ts';

/** Most intervals that are resampled: of a longer run neighbours are joined, which leaves percentiles as they are. */
const MOST_INTERVALS = 3_600;

/** How a metric's differences are told. */
export type Unit = 'ms' | 'plain' | 'share' | 'per_second';

/** One result of a run: a percentile, a share, a rate. */
export interface RunEstimate {
  /** As people read it: `poll_duration p95`. */
  readonly name: string;
  readonly metric: string;
  readonly unit: Unit;
  readonly worse: Direction | undefined;
  readonly estimate: Estimate | NoEstimate;
}

/** All results of a run, by name. The same record gives the same numbers each time. */
export function estimatesOf(collected: CollectedRun): ReadonlyMap<string, RunEstimate> {
  const { part, onlySteady, run } = collected;
  const group = Math.max(1, Math.ceil((part.to - part.from) / MOST_INTERVALS));
  const span = [part.from, part.to, group, onlySteady] as const;
  const results = new Map<string, RunEstimate>();
  for (const [metric, series] of collected.series) {
    const { reading, worse } = series.judged;
    const add = (name: string, unit: Unit, estimate: Estimate | NoEstimate): void =>
      void results.set(name, { name, metric, unit, worse, estimate });
    if (reading.read === 'percentiles') {
      const matrix = series.matrix(...span);
      for (const p of reading.percentiles) {
        const name = `${metric} p${p}`;
        add(name, series.time ? 'ms' : 'plain', estimatePercentile(matrix, p, hash32(0, name)));
      }
    } else if (reading.read === 'per_second') {
      add(metric, 'per_second', estimateRate(series.counts(FIRST, ...span), group * run.intervalMs));
    } else {
      const passes = series.counts(FIRST, ...span);
      const rest = series.counts(SECOND, ...span);
      add(metric, 'share', estimateShare(passes.map((passed, t) => passed + rest[t]!), passes));
    }
  }
  return results;
}
