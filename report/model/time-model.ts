/** The time axis that everything over time shares: columns of equal width since the start of the run. */
export interface TimeAxis {
  readonly columns: number;
  readonly widthMs: number;
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
