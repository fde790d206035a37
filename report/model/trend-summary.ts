import type { SeriesTotal } from '../../contract/series-counts.ts';

/** The time axis shared by all values over time: columns of equal width from the start of the run. */
export interface TimeAxis {
  readonly columns: number;
  readonly widthMs: number;
  /** Unix milliseconds of its beginning: it is labelled with the time of the day. Absent: with the time since the start. */
  readonly startedAt?: number;
}

/** A part of the time axis that has a name. */
export interface TimeBand {
  readonly name: string;
  /** `over`: the interval in which a fault was over; `part`: a phase or a level of the run; `hole`: nothing was measured. */
  readonly kind: 'fault' | 'over' | 'part' | 'hole';
  readonly fromMs: number;
  readonly toMs: number;
}

/** Summary of a trend: exact count, min and max; percentiles within the histogram's error. All zero if empty. */
export interface TrendSummary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** A trend by column; null where nothing was measured. */
export interface OverTime {
  readonly count: readonly number[];
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
}

/** Summary of a trend; all zero if it has no samples or is not a trend. */
export function trendSummary(total: SeriesTotal | undefined): TrendSummary {
  if (total === undefined || !('histogram' in total) || total.histogram.count === 0) {
    return { count: 0, min: 0, p50: 0, p95: 0, p99: 0, max: 0 };
  }
  const { histogram } = total;
  return {
    count: histogram.count,
    min: histogram.min,
    p50: histogram.percentile(50),
    p95: histogram.percentile(95),
    p99: histogram.percentile(99),
    max: histogram.max,
  };
}

/** A trend by column. */
export function trendOverTime(columns: readonly (SeriesTotal | undefined)[]): OverTime {
  const summaries = columns.map(trendSummary);
  const read = (stat: 'p50' | 'p95' | 'p99'): (number | null)[] =>
    summaries.map((summary) => (summary.count === 0 ? null : summary[stat]));
  return { count: summaries.map(({ count }) => count), p50: read('p50'), p95: read('p95'), p99: read('p99') };
}

/** Share of a rate by column; null without samples. */
export function shareOverTime(columns: readonly (SeriesTotal | undefined)[]): (number | null)[] {
  return columns.map((total) =>
    total !== undefined && 'passes' in total && total.samples > 0 ? total.passes / total.samples : null,
  );
}

/** Largest value of a gauge by column; null without samples. */
export function largestOverTime(columns: readonly (SeriesTotal | undefined)[]): (number | null)[] {
  return columns.map((total) => (total !== undefined && 'at' in total && total.samples > 0 ? total.max : null));
}
