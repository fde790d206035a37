import type { Scale, SeriesKind } from './series.ts';

/** The verdict on drift, as data: what `drift.json` holds. Sentences are made of it (words.ts); no code reads them. */
export interface Drift {
  readonly verdict: DriftVerdict;
  readonly startedAt: string;
  /** Hours of the run, and of them at the beginning that were left out of every series. */
  readonly hours: number;
  readonly skippedHours: number;
  readonly horizonHours: number;
  readonly limit: number;
  readonly limitPoints: number;
  /** The chance that any series is called where none drifts. */
  readonly alpha: number;
  /** Series are differences from another night, by the hour of the day. */
  readonly againstBase: boolean;
  readonly notes: readonly DriftNote[];
  /** Worst first. */
  readonly series: readonly SeriesDrift[];
}

/** `drifts`: for sure, and by more than the limit. `steady`: surely by less. `not_known`: neither can be said. */
export type DriftVerdict = 'drifts' | 'steady' | 'not_known';

/** What has to be said with the verdict. `one_night`: a drift may be the hour of the day. `generator`: it drifted itself. */
export type DriftNote =
  { readonly code: 'one_night' } | { readonly code: 'generator'; readonly names: readonly string[] };

/** Why a series' verdict is not known. */
export type DriftReason =
  | { readonly code: 'few_points'; readonly points: number; readonly needed: number }
  | { readonly code: 'gaps'; readonly share: number; readonly most: number }
  | { readonly code: 'not_a_number'; readonly points: number }
  /** It changes too slowly for this length: it is worth so many independent points, or is like the point before to so much. */
  | { readonly code: 'wanders'; readonly effective: number; readonly lagOne: number }
  /** Its interval holds both, what matters and what does not. */
  | { readonly code: 'too_wide' }
  /** It jumped by more than the limit; whether it will again no trend can say. */
  | { readonly code: 'jumped' }
  | { readonly code: 'generator' };

/**
 * Changes are relative (0.01 is one percent) on the scale `ln`, in shares (0.01 is one percentage point) on `arcsine` and `points`, in the series' unit on
 * `linear`; null where nothing can be said. Up is positive, whichever way is bad.
 */
export interface SeriesDrift {
  readonly name: string;
  readonly kind: SeriesKind;
  readonly scale: Scale;
  readonly badWay: 'up' | 'down';
  readonly verdict: DriftVerdict;
  readonly reason: DriftReason | null;
  /** Points that were looked at, and hours at the beginning that were left out. */
  readonly points: number;
  readonly skippedHours: number;
  /** Median. */
  readonly level: number | null;
  /** Drift per hour with its interval of 95 % (of this series alone), and over the horizon. */
  readonly perHour: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly overHorizon: number | null;
  /** What matters, per hour. */
  readonly limitPerHour: number | null;
  /** The smallest drift per hour that this run would have found with 90 %. */
  readonly smallest: number | null;
  readonly p: number | null;
  /** Significant over all series of the run together (Holm). */
  readonly significant: boolean;
  /** Significant the good way. */
  readonly improves: boolean;
  /** Hours that a run would have to take, if it is not known for want of them. */
  readonly hoursNeeded: number | null;
  readonly shape: DriftShape | null;
  readonly patterns: readonly {
    readonly kind: 'daily' | 'repeated';
    readonly periodMinutes: number;
    readonly change: number;
  }[];
  /** Autocorrelation from point to point, and independent points that would tell as much. */
  readonly lagOne: number | null;
  readonly effective: number | null;
}

/** What a series that is not steady looks like. Times in hours since the run began. */
export type DriftShape =
  | { readonly kind: 'line' }
  | { readonly kind: 'steps'; readonly steps: readonly DriftStep[] }
  | { readonly kind: 'rise'; readonly hours: number; readonly change: number };

/** A jump, when it was, and between which times it may have been. */
interface DriftStep {
  readonly atHours: number;
  readonly fromHours: number;
  readonly toHours: number;
  readonly change: number;
}
