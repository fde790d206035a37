import { METRIC_MODELS } from '../../catalogue/metric-models.ts';
import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import type { SeriesTotal, Tags } from '../../contract/series-counts.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import type { Unit } from '../quantity.ts';
import { unitOf, valueOf } from './series-figure.ts';
import { trendSummary } from './trend-summary.ts';
import type { TrendSummary } from './trend-summary.ts';

/** A metric as a whole, or the part of it that carries some tag values. */
export interface MetricRow {
  readonly metric: string;
  readonly type: MetricType;
  /** What `value` and `trend` are in. */
  readonly unit: Unit;
  /** Empty for the metric as a whole. */
  readonly tags: Tags;
  readonly samples: number;
  /** Counter: its sum; rate: the share that was not zero; gauge: its last value; null for a trend. */
  readonly value: number | null;
  readonly trend: TrendSummary | null;
  /** Smallest and largest value of a gauge. */
  readonly range: readonly [min: number, max: number] | null;
}

/** Most rows of one breakdown: tags of a script may have any number of values. */
const MOST_PARTS = 500;

/** Tags by which every metric is broken down that carries them: the parts of a run. */
const PARTS: readonly (readonly string[])[] = [['phase'], ['level'], ['scenario']];

/** Every metric as a whole, and broken down by its own tags and by the parts of the run. */
export function metricRows(totals: SeriesTotals): readonly MetricRow[] {
  return totals.metrics().flatMap((shape) => {
    const own = METRIC_MODELS.get(shape.metric)?.tags ?? [];
    const breakdowns = [[], ...(own.length === 0 ? [] : [own]), ...PARTS];
    return breakdowns.flatMap((names) =>
      totals
        .breakdown(shape.metric, names)
        .map(({ tags, total }) => ({ tags: withValues(tags), total }))
        .filter(({ tags, total }) => total.samples > 0 && (names.length === 0 || Object.keys(tags).length > 0))
        .slice(0, MOST_PARTS)
        .map(({ tags, total }) => metricRow(shape, tags, total)),
    );
  });
}

function withValues(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
}

interface Shape {
  readonly metric: string;
  readonly type: MetricType;
  readonly contains: Contains;
}

function metricRow({ metric, type, contains }: Shape, tags: Tags, total: SeriesTotal): MetricRow {
  return {
    ...{ metric, type, unit: unitOf(type, contains), tags, samples: total.samples },
    value: valueOf(total),
    trend: 'histogram' in total ? trendSummary(total) : null,
    range: 'at' in total ? [total.min, total.max] : null,
  };
}
