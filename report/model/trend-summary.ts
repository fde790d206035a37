import type { SeriesTotal } from '../../contract/series-counts.ts';

/** The time axis that everything over time shares: columns of equal width since the start of the run. */
export interface TimeAxis {
  readonly columns: number;
  readonly widthMs: number;
  /** Unix milliseconds of its beginning: it is labelled with the time of the day. Absent: with the time since the start. */
  readonly startedAt?: number;
}

/** What a trend held: exact count, minimum and maximum; percentiles within the histogram's error. All zero where empty. */
export interface TrendSummary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** A trend by column of the time axis; null where nothing was measured. */
export interface OverTime {
  readonly count: readonly number[];
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
}

/** Count and percentiles of a trend; all zero for one without samples, or for what is not a trend. */
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

/** The same by column. */
export function trendOverTime(columns: readonly (SeriesTotal | undefined)[]): OverTime {
  const summaries = columns.map(trendSummary);
  const read = (stat: 'p50' | 'p95' | 'p99'): (number | null)[] =>
    summaries.map((summary) => (summary.count === 0 ? null : summary[stat]));
  return { count: summaries.map(({ count }) => count), p50: read('p50'), p95: read('p95'), p99: read('p99') };
}

/** A rate's share by column; null where it has no sample. */
export function shareOverTime(columns: readonly (SeriesTotal | undefined)[]): (number | null)[] {
  return columns.map((total) =>
    total !== undefined && 'passes' in total && total.samples > 0 ? total.passes / total.samples : null,
  );
}

/** A gauge's largest value by column; null where it has no sample. */
export function largestOverTime(columns: readonly (SeriesTotal | undefined)[]): (number | null)[] {
  return columns.map((total) => (total !== undefined && 'at' in total && total.samples > 0 ? total.max : null));
}
