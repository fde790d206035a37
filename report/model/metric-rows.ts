import { METRIC_MODELS } from '../../catalogue/metric-models.ts';
import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import type { SeriesTotal, Tags } from '../../contract/series-counts.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import type { Unit } from '../quantity.ts';
import { unitOf, valueOf } from './series-figure.ts';
import { trendSummary } from './trend-summary.ts';
import type { TrendSummary } from './trend-summary.ts';

/** A metric as a whole, or the part of it with some tag values. */
export interface MetricRow {
  readonly metric: string;
  readonly type: MetricType;
  /** Unit of `value` and `trend`. */
  readonly unit: Unit;
  /** Empty for the whole metric. */
  readonly tags: Tags;
  readonly samples: number;
  /** Sum of a counter, share of a rate, last value of a gauge; null for a trend. */
  readonly value: number | null;
  readonly trend: TrendSummary | null;
  /** Smallest and largest value of a gauge. */
  readonly range: readonly [min: number, max: number] | null;
}

/** Maximum rows of one breakdown: a script's tags may have any number of values. */
const MOST_PARTS = 500;

/** Every metric that has these tags is broken down by them. */
const PARTS: readonly (readonly string[])[] = [['phase'], ['level'], ['scenario']];

/** Every metric as a whole, by its own tags, and by the parts of the run. */
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
