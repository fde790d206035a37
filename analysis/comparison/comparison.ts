import type { Direction } from './judged-metrics.ts';
import type { EstimateUnit } from './run-estimates.ts';
import type { TestChange, TestDifference } from './same-test.ts';

type MetricVerdict = 'worse' | 'better' | 'no_difference_shown' | 'not_comparable';

/** Tolerances and confidence. */
export interface ComparisonSettings {
  /** For durations and rates: the relative difference that matters, 0.05 for 5 %. */
  readonly tolerance: number;
  /** For durations: the difference must also exceed this, in milliseconds. */
  readonly toleranceMs: number;
  /** For shares: the absolute difference that matters, 0.005 for half a percentage point. */
  readonly tolerancePoints: number;
  /** Over all metrics together, 0.95 for 95 %. */
  readonly confidence: number;
  /** Skipped at the start of each run, in milliseconds. */
  readonly skipMs: number;
}

/** Defaults of the flags of `pairstorm compare`. */
export const DEFAULT_SETTINGS: ComparisonSettings = {
  tolerance: 0.05,
  toleranceMs: 1,
  tolerancePoints: 0.005,
  confidence: 0.95,
  skipMs: 0,
};

/** One side of a metric: mean over its runs (geometric, except for shares) and total number of samples. */
export interface SideOfMetric {
  readonly value: number;
  /** Confidence interval at 95 %, of this metric alone. */
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

/** New minus base: relative (0.1 is 10 % more), for shares absolute (0.1 is ten percentage points more). */
interface MetricDifference {
  readonly value: number;
  /** Confidence interval at `level`. */
  readonly low: number;
  readonly high: number;
  /** Confidence of the interval: it excludes 0 exactly if the difference is significant over all metrics. */
  readonly level: number;
  /** Of this metric alone, not adjusted. */
  readonly p: number;
  readonly significant: boolean;
  readonly beyondTolerance: boolean;
  /** The whole interval is within the tolerance: equivalence is shown. */
  readonly shownAlike: boolean;
  /** Degrees of freedom of Student's t. */
  readonly degrees: number;
  /** Standard deviation between runs of a side beyond that within, on the difference's scale; null: unknown. */
  readonly betweenRuns: number | null;
}

/** Result for one metric. */
export interface MetricComparison {
  /** For people: `poll_duration p95`. */
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
  /** The compared part, in seconds since the start of the run. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly blockLengths: { readonly shortest: number; readonly longest: number } | null;
}

/** Output of `pairstorm compare --json`. */
export interface Comparison {
  readonly comparison: 'pairstorm';
  readonly version: 1;
  /** `different_tests`: nothing was compared, `findings` says why. */
  readonly verdict: MetricVerdict | 'different_tests';
  readonly settings: ComparisonSettings;
  readonly base: readonly ComparedRun[];
  readonly new: readonly ComparedRun[];
  readonly findings: readonly TestDifference[];
  /** What differs between the sides besides the release: settings, population, target, versions. */
  readonly changes: readonly TestChange[];
  readonly metrics: readonly MetricComparison[];
}
