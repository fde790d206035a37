/** Estimate of one metric from one run. */
export interface Estimate {
  /** In the metric's unit; shares are from 0 to 1. */
  readonly value: number;
  /** The value on the scale of differences: its logarithm, or for a share the value itself. */
  readonly location: number;
  /** Standard error of `location` within the run, allowing for autocorrelation. */
  readonly standardError: number;
  /** Degrees of freedom of Student's t. */
  readonly degrees: number;
  readonly samples: number;
  /** Number of intervals, and of intervals per block. */
  readonly intervals: number;
  readonly blockLength: number;
}

/** A metric before its standard error is known, which needs the decay estimated from all metrics of the run. */
export interface Draft {
  /** Contribution of each interval: to first order the metric moves with their sum. */
  readonly influence: Float64Array;
  readonly finish: (decay: number) => Estimate | NoEstimate;
}

/** Why a run has no estimate of a metric. */
export interface NoEstimate {
  readonly reason: string;
}

/** With fewer intervals there are too few blocks to estimate their variation. */
const FEWEST_INTERVALS = 20;

/** The reason if there are too few intervals. */
export function tooShort(intervals: number): NoEstimate | undefined {
  return intervals < FEWEST_INTERVALS ? { reason: `${intervals} intervals, needs ${FEWEST_INTERVALS}` } : undefined;
}
