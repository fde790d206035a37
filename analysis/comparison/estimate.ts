/** What one run says of one metric. */
export interface Estimate {
  /** In the metric's unit; a share is from 0 to 1. */
  readonly value: number;
  /** The value on the scale on which differences are taken: its logarithm, or itself for a share. */
  readonly location: number;
  /** Standard error of `location` within the run, autocorrelation included. */
  readonly standardError: number;
  /** Degrees of freedom of Student's t for it. */
  readonly degrees: number;
  readonly samples: number;
  /** Intervals that were resampled, and how many of them make a block. */
  readonly intervals: number;
  readonly blockLength: number;
}

/** A metric of a run before its standard error is known: that takes the decay of the run, which all of its metrics tell together. */
export interface Draft {
  /** What each interval adds to the metric: to first order the metric moves with the sum of these. */
  readonly influence: Float64Array;
  readonly finish: (decay: number) => Estimate | NoEstimate;
}

/** Why a run says nothing of a metric, in a few words. */
export interface NoEstimate {
  readonly reason: string;
}

/** Fewest intervals: below, there are not enough blocks to see how they differ. */
const FEWEST_INTERVALS = 20;

/** Says that there are too few intervals, if so. */
export function tooShort(intervals: number): NoEstimate | undefined {
  return intervals < FEWEST_INTERVALS ? { reason: `${intervals} intervals, needs ${FEWEST_INTERVALS}` } : undefined;
}
