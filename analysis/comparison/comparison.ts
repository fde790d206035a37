import type { Direction } from './judged-metrics.ts';
import type { EstimateUnit } from './run-estimates.ts';
import type { TestDifference } from './same-test.ts';

/** What is said of a metric. */
type MetricVerdict = 'worse' | 'better' | 'no_difference_shown' | 'not_comparable';

/** How far apart is too far, and how sure one has to be. */
export interface ComparisonSettings {
  /** Durations and rates: relative difference from which on it matters, 0.05 for 5 %. */
  readonly tolerance: number;
  /** Durations: and at least so many milliseconds. */
  readonly toleranceMs: number;
  /** Shares: difference from which on it matters, 0.005 for half a percentage point. */
  readonly tolerancePoints: number;
  /** Confidence over all metrics together, 0.95 for 95 %. */
  readonly confidence: number;
  /** Left out after the start of each run, in milliseconds. */
  readonly skipMs: number;
}

/** What holds unless it is said otherwise. */
export const DEFAULT_SETTINGS: ComparisonSettings = {
  tolerance: 0.05,
  toleranceMs: 1,
  tolerancePoints: 0.005,
  confidence: 0.95,
  skipMs: 0,
};

/** One side of one metric: the mean over its runs (of the logarithms, but for shares), and all their samples. */
export interface SideOfMetric {
  readonly value: number;
  readonly samples: number;
}

/** The difference new less base: relative (0.1 is 10 % more), for shares absolute (0.1 is ten percentage points more). */
interface MetricDifference {
  readonly value: number;
  /** Confidence interval at `level`. */
  readonly low: number;
  readonly high: number;
  /** Confidence of the interval: it leaves out 0 exactly where the difference is significant over all metrics. */
  readonly level: number;
  /** Of this metric alone. */
  readonly p: number;
  readonly significant: boolean;
  readonly beyondTolerance: boolean;
  /** The whole interval lies within the tolerance: the two are shown to be alike. */
  readonly shownAlike: boolean;
  /** Degrees of freedom of Student's t. */
  readonly degrees: number;
  /** Standard deviation between runs of one side beyond the scatter within, on the scale of the difference; null: not known. */
  readonly betweenRuns: number | null;
}

/** What a comparison says of one metric. */
export interface MetricComparison {
  /** As people read it: `poll_duration p95`. */
  readonly name: string;
  readonly metric: string;
  readonly unit: EstimateUnit;
  readonly worse: Direction | null;
  readonly verdict: MetricVerdict;
  /** Why it is not comparable. */
  readonly reason: string | null;
  readonly base: SideOfMetric | null;
  readonly new: SideOfMetric | null;
  readonly difference: MetricDifference | null;
}

/** One run of a side. */
export interface ComparedRun {
  readonly folder: string;
  readonly testid: string;
  readonly startedAt: string;
  readonly verdict: string;
  /** What was compared, in seconds since the start of the run. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly blockLengths: { readonly shortest: number; readonly longest: number } | null;
}

/** The object of `pairstorm compare --json`. */
export interface Comparison {
  readonly comparison: 'pairstorm';
  readonly version: 1;
  /** `different_tests`: nothing was compared, `findings` says why. */
  readonly verdict: MetricVerdict | 'different_tests';
  readonly settings: ComparisonSettings;
  readonly base: readonly ComparedRun[];
  readonly new: readonly ComparedRun[];
  readonly findings: readonly TestDifference[];
  readonly metrics: readonly MetricComparison[];
}
