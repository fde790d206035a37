import type { LevelVerdict, TermEstimate, Unstable } from './level.ts';
import type { Term } from './objective.ts';

/** What a search is to do. */
export interface SearchSettings {
  readonly terms: readonly Term[];
  /** First rate and largest that may be tried, flow starts per second. */
  readonly startRate: number;
  readonly maxRate: number;
  readonly budgetSeconds: number;
  /** Half-width of the interval that is asked for, relative: 0.05. */
  readonly precision: number;
  readonly confidence: number;
  /** Longest look of a level; the others are a quarter and a half of it. */
  readonly levelSeconds: number;
  /** Least warm-up of a level. */
  readonly warmUpSeconds: number;
  /** What the cool-down after a level is planned with. */
  readonly coolSeconds: number;
}

/**
 * What a level is played for. `up`, `down`: to bracket the knee; `cold`: the first rate again, because the target was cold;
 * `hysteresis`: a rate that held, right after one that did not; `knee`: where the search wants to know more; `proof`: at the lower
 * end of the interval; `replay`: the first rate that held, at the end.
 */
export type Purpose = 'up' | 'down' | 'cold' | 'hysteresis' | 'knee' | 'proof' | 'replay';

/** A level to play. */
export interface PlannedLevel {
  readonly rate: number;
  readonly purpose: Purpose;
  /** Seconds after the warm-up at which it is looked at. */
  readonly looks: readonly number[];
  /** Whether there is time to make it twice as long if it has not settled. */
  readonly extendable: boolean;
  /** How many times as long as usual the target is waited for after it. */
  readonly patience: 1 | 2;
}

/** A level that was played. */
export interface PlayedLevel {
  readonly rate: number;
  readonly purpose: Purpose;
  /** What it took of the budget, with warm-up and cool-down. */
  readonly seconds: number;
  /**
   * `observed`: it says something. `generator`: the load generator was not up to it. `one-address`: the target refused one source
   * address. `cut`: it was not played to its end; it is left out.
   */
  readonly end: 'observed' | 'generator' | 'one-address' | 'cut';
  readonly verdict: LevelVerdict;
  /** In the order of the objective's terms. */
  readonly terms: readonly TermEstimate[];
  readonly unstable: Unstable | null;
  readonly unsettled: boolean;
  /** Median duration of a request to the target. */
  readonly medianMs: number;
  /** How long the cool-down before it took; null: the target had not recovered when it ended. */
  readonly recoveredSeconds: number | null;
}
