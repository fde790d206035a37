import type { LevelVerdict, TermEstimate, Unstable } from './level.ts';
import type { Term } from './objective.ts';

/** The task of a search. */
export interface SearchSettings {
  readonly terms: readonly Term[];
  /** First rate, and highest allowed rate, in flow starts per second. */
  readonly startRate: number;
  readonly maxRate: number;
  readonly budgetSeconds: number;
  /** Requested half-width of the interval, relative: 0.05. */
  readonly precision: number;
  readonly confidence: number;
  /** Longest look of a level; earlier looks are at a quarter and half of it. */
  readonly levelSeconds: number;
  /** Minimum warm-up of a level. */
  readonly warmUpSeconds: number;
  /** Planned cool-down after a level. */
  readonly coolSeconds: number;
}

/**
 * Purpose of a level. `up`, `down`: bracket the knee; `cold`: repeat a rate that a cold target may not have held;
 * `hysteresis`: a rate that held, right after an overload; `knee`: where the estimate gains most; `proof`: confirm
 * the lower end of the interval; `replay`: the first rate that held, at the end.
 */
export type Purpose = 'up' | 'down' | 'cold' | 'hysteresis' | 'knee' | 'proof' | 'replay';

/** A level to play. */
export interface PlannedLevel {
  readonly rate: number;
  readonly purpose: Purpose;
  /** Times of the looks, in seconds after the warm-up. */
  readonly looks: readonly number[];
  /** Whether the budget allows doubling it if it has not settled. */
  readonly extendable: boolean;
  /** Factor on the usual time to wait for the target afterwards. */
  readonly patience: 1 | 2;
}

/** A level that was played. */
export interface PlayedLevel {
  readonly rate: number;
  readonly purpose: Purpose;
  /** Its share of the budget, with warm-up and cool-down. */
  readonly seconds: number;
  /** Seconds that were judged. */
  readonly lookedSeconds: number;
  /**
   * `observed`: it counts. `generator`: the load generator could not keep up. `one-address`: the target limits one
   * source address. `cut`: it was not finished, and is ignored.
   */
  readonly end: 'observed' | 'generator' | 'one-address' | 'cut';
  readonly verdict: LevelVerdict;
  /** In the order of the objective's terms. */
  readonly terms: readonly TermEstimate[];
  readonly unstable: Unstable | null;
  readonly unsettled: boolean;
  /** Median duration of a request to the target; null: none was answered. */
  readonly medianMs: number | null;
  /** Duration of the cool-down after it; 0: it met the objective; null: the target had not recovered, or nobody looked. */
  readonly recoveredSeconds: number | null;
}
