import { hash32 } from '../../contract/draw.ts';
import type { Finding } from '../../catalogue/findings.ts';
import type { Draft, Estimate, NoEstimate } from './estimate.ts';
import type { Direction } from './judged-metrics.ts';
import { draftPercentile } from './percentile-estimate.ts';
import { draftRate, draftShare } from './ratio-estimate.ts';
import { decayOf } from './persistence.ts';
import type { CollectedRun } from './run-collector.ts';
import { FIRST, SECOND } from './run-series.ts';

/** Maximum number of intervals: in longer runs adjacent ones are merged, which does not change percentiles. */
const MOST_INTERVALS = 1_800;

/** Unit of a metric's differences. */
export type EstimateUnit = 'ms' | 'plain' | 'share' | 'per_second';

/** One result of a run: a percentile, share or rate. */
export interface RunEstimate {
  /** For people: `poll_duration p95`. */
  readonly name: string;
  readonly metric: string;
  readonly unit: EstimateUnit;
  readonly worse: Direction | undefined;
  readonly estimate: Estimate | NoEstimate;
}

/** A run ready to be compared: its estimates, without the recorded data. */
export interface EstimatedRun extends Omit<CollectedRun, 'series'> {
  readonly folder: string;
  /** Damage found while reading the record. */
  readonly damage: readonly Finding[];
  /** By name. */
  readonly estimates: ReadonlyMap<string, RunEstimate>;
}

/** Estimates all results of a run, reproducibly. `damage`: what was missing when the record was read. */
export function estimateRun(folder: string, collected: CollectedRun, damage: readonly Finding[] = []): EstimatedRun {
  const { run, part, onlySteady, phases } = collected;
  return { folder, run, damage, part, onlySteady, phases, estimates: estimatesOf(collected) };
}

function estimatesOf(collected: CollectedRun): ReadonlyMap<string, RunEstimate> {
  const drafts = draftsOf(collected);
  const decay = decayOf(drafts.flatMap(({ draft }) => ('influence' in draft ? [draft.influence] : [])));
  return new Map(
    drafts.map(({ draft, ...result }) => [
      result.name,
      { ...result, estimate: 'influence' in draft ? draft.finish(decay) : draft },
    ]),
  );
}

type RunDraft = Omit<RunEstimate, 'estimate'> & { readonly draft: Draft | NoEstimate };

function draftsOf({ part, onlySteady, run, series: all }: CollectedRun): readonly RunDraft[] {
  const group = Math.max(1, Math.ceil((part.to - part.from) / MOST_INTERVALS));
  const span = [part.from, part.to, group, onlySteady] as const;
  return [...all].flatMap(([metric, series]): RunDraft[] => {
    const { reading, worse } = series.judged;
    if (reading.read === 'percentiles') {
      const matrix = series.matrix(...span);
      const unit = series.time ? 'ms' : 'plain';
      return reading.percentiles.map((p) => {
        const name = `${metric} p${p}`;
        return { name, metric, unit, worse, draft: draftPercentile(matrix, p, hash32(0, name)) };
      });
    }
    const first = series.counts(FIRST, ...span);
    if (reading.read === 'per_second') {
      return [{ name: metric, metric, unit: 'per_second', worse, draft: draftRate(first, group * run.intervalMs) }];
    }
    const second = series.counts(SECOND, ...span);
    const samples = first.map((passed, t) => passed + second[t]!);
    return [{ name: metric, metric, unit: 'share', worse, draft: draftShare(samples, first) }];
  });
}
