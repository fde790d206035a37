import type { Scale, SeriesKind } from './series.ts';

/** The verdict on drift, as in `drift.json`. words.ts turns it into sentences; no code parses those. */
export interface Drift {
  readonly verdict: DriftVerdict;
  readonly startedAt: string;
  /** Hours of the run, and hours skipped at the beginning of every series. */
  readonly hours: number;
  readonly skippedHours: number;
  readonly horizonHours: number;
  readonly limit: number;
  readonly limitPoints: number;
  /** Probability that any series is called drifting if none is. */
  readonly alpha: number;
  /** Whether series are differences from another night, by time of day. */
  readonly againstBase: boolean;
  readonly notes: readonly DriftNote[];
  /** Worst first. */
  readonly series: readonly SeriesDrift[];
}

/** `drifts`: significantly, and by at least the limit. `steady`: by less, with confidence. `not_known`: neither. */
export type DriftVerdict = 'drifts' | 'steady' | 'not_known';

/** Caveats. `one_night`: the drift may be due to the time of day. `generator`: the load generator itself drifted. */
export type DriftNote =
  { readonly code: 'one_night' } | { readonly code: 'generator'; readonly names: readonly string[] };

/** Why a series' verdict is not known. */
export type DriftReason =
  | { readonly code: 'few_points'; readonly points: number; readonly needed: number }
  | { readonly code: 'gaps'; readonly share: number; readonly most: number }
  | { readonly code: 'not_a_number'; readonly points: number }
  /** It changes too slowly for the length of the run: too few effective points, or too much autocorrelation. */
  | { readonly code: 'wanders'; readonly effective: number; readonly lagOne: number }
  /** Its interval includes both relevant and irrelevant slopes. */
  | { readonly code: 'too_wide' }
  /** It jumped by at least the limit; a trend cannot tell whether it will again. */
  | { readonly code: 'jumped' }
  | { readonly code: 'generator' };

/**
 * Changes are relative (0.01 is one percent) on the scale `ln`, shares (0.01 is one percentage point) on `arcsine` and
 * `points`, and in the series' unit on `linear`; null if unknown. Up is positive, whichever way is bad.
 */
export interface SeriesDrift {
  readonly name: string;
  readonly kind: SeriesKind;
  readonly scale: Scale;
  readonly badWay: 'up' | 'down';
  readonly verdict: DriftVerdict;
  readonly reason: DriftReason | null;
  /** Number of points, and hours skipped at the beginning. */
  readonly points: number;
  readonly skippedHours: number;
  /** Median. */
  readonly level: number | null;
  /** Drift per hour with its 95 % interval (of this series alone), and over the horizon. */
  readonly perHour: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly overHorizon: number | null;
  /** The smallest drift per hour that matters. */
  readonly limitPerHour: number | null;
  /** The smallest drift per hour that this run would have found with 90 % power. */
  readonly smallest: number | null;
  readonly p: number | null;
  /** Significant over all series of the run together (Holm). */
  readonly significant: boolean;
  /** Significant in the good direction. */
  readonly improves: boolean;
  /** Length of a run, in hours, that would settle it, if it is not known for lack of data. */
  readonly hoursNeeded: number | null;
  readonly shape: DriftShape | null;
  readonly patterns: readonly {
    readonly kind: 'daily' | 'repeated';
    readonly periodMinutes: number;
    readonly change: number;
  }[];
  /** Lag-1 autocorrelation, and effective number of independent points. */
  readonly lagOne: number | null;
  readonly effective: number | null;
}

/** Shape of a series that is not steady. Times in hours since the start of the run. */
export type DriftShape =
  | { readonly kind: 'line' }
  | { readonly kind: 'steps'; readonly steps: readonly DriftStep[] }
  | { readonly kind: 'rise'; readonly hours: number; readonly change: number };

/** A jump: its time, and the interval in which it may have been. */
interface DriftStep {
  readonly atHours: number;
  readonly fromHours: number;
  readonly toHours: number;
  readonly change: number;
}
