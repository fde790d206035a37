/** Input of the verdict on drift: the series of one run. */

/** A value at a time. A bin without a value is a gap: it has no point, not a zero. */
export interface Point {
  /** Seconds since the start of the run; of the drift clock, if there is one. */
  readonly t: number;
  /** In the series' own unit: milliseconds, bytes, a share from 0 to 1. */
  readonly y: number;
  /** Number of samples of a share, for Anscombe's arcsine. */
  readonly of?: number;
  /** The other night's value at this time of day, on the series' scale, to be subtracted (base-night.ts). */
  readonly base?: number;
}

/** The scale on which a series is linear with even scatter. `points`: a share of few events, not transformed. */
export type Scale = 'ln' | 'arcsine' | 'points' | 'linear';

/** What a series is about. `generator`: the load generator's own, a control. */
export type SeriesKind = 'latency' | 'share' | 'flows' | 'target' | 'generator';

/** One series. */
export interface Series {
  /** Name for people: `p95(poll_duration)`. */
  readonly name: string;
  readonly kind: SeriesKind;
  readonly scale: Scale;
  readonly badWay: 'up' | 'down';
  readonly points: readonly Point[];
  /** If given, the minimum of each group of this many points is used: the floor of a sawtooth, such as memory. */
  readonly floorOf?: number;
}

/** What counts as drift. */
export interface DriftSettings {
  /** Relevant relative change over the horizon: 0.1. For shares: `limitPoints`. */
  readonly limit: number;
  /** Relevant change of shares: 0.01 is one percentage point. */
  readonly limitPoints: number;
  readonly horizonHours: number;
  /** Probability that any series is called drifting if none is. */
  readonly alpha: number;
  /** Seconds that are at least skipped; a longer warm-up skips more. Undefined: max(10 min, 5 % of the run). */
  readonly skipSeconds?: number;
}

/** `--drift-limit` 10 % over `--horizon` 24 h. */
export const DEFAULT_DRIFT_SETTINGS: DriftSettings = { limit: 0.1, limitPoints: 0.01, horizonHours: 24, alpha: 0.05 };

/** A run as input of the verdict on drift. */
export interface DriftInput {
  /** Unix time of the start, ms. */
  readonly startedAt: number;
  /** Length in seconds (of the drift clock, if there is one). */
  readonly seconds: number;
  readonly series: readonly Series[];
}
