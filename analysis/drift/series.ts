/** What the verdict on drift is given: plain series of one run. */

/** A value at a time. A bin of time without a value is a gap: it has no point, never a zero. */
export interface Point {
  /** Seconds since the run began. With a drift clock: of that clock. */
  readonly t: number;
  /** In the series' own unit: milliseconds, bytes, a share from 0 to 1. */
  readonly y: number;
  /** Samples of a share: its arcsine is then Anscombe's. */
  readonly of?: number;
  /** What another night was at this time of the day, on the series' scale: the difference is looked at (base-night.ts). */
  readonly base?: number;
}

/** On which scale a series is a line with even scatter. `points`: a share of so few events that it is taken as it is. */
export type Scale = 'ln' | 'arcsine' | 'points' | 'linear';

/** Whose series it is. `generator`: the harness's own, a control. */
export type SeriesKind = 'latency' | 'share' | 'flows' | 'target' | 'generator';

/** One series. */
export interface Series {
  /** As people read it: `p95(poll_duration)`. */
  readonly name: string;
  readonly kind: SeriesKind;
  readonly scale: Scale;
  readonly badWay: 'up' | 'down';
  readonly points: readonly Point[];
  /** The smallest of so many points in a row is looked at: the floor of a saw, as memory is between collections. */
  readonly floorOf?: number;
}

/** What counts as drift. */
export interface DriftSettings {
  /** Relative change over the horizon that matters: 0.1. Of shares: `limitPoints`. */
  readonly limit: number;
  /** The same for shares: 0.01 is one percentage point. */
  readonly limitPoints: number;
  readonly horizonHours: number;
  /** The chance that any series is called where none drifts. */
  readonly alpha: number;
  /** Seconds that are left out at least; of a series that warms up longer, more. Undefined: max(10 min, 5 % of the run). */
  readonly skipSeconds?: number;
}

/** `--drift-limit` 10 % over `--horizon` 24 h. */
export const DEFAULT_DRIFT_SETTINGS: DriftSettings = { limit: 0.1, limitPoints: 0.01, horizonHours: 24, alpha: 0.05 };

/** A run as the verdict on drift sees it. */
export interface DriftInput {
  /** Unix time at which it began, ms. */
  readonly startedAt: number;
  /** How long it was, in seconds (of the drift clock, if there is one). */
  readonly seconds: number;
  readonly series: readonly Series[];
}
