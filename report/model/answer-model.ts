import type { LevelEnding } from '../../contract/held-rate.ts';
import type { Unit } from '../quantity.ts';

/**
 * Kinds of runs, by the question that they answer: our scenarios, and scripts of one's own with flows (`flows`) or
 * without (`script`).
 */
export const RUN_KINDS = [
  ...(['smoke', 'load', 'capacity', 'soak', 'spike', 'resilience', 'flows', 'script'] as const),
] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What every form of a report says first, besides its figures (`highlights`). */
export interface AnswerView {
  readonly kind: RunKind;
  /** The answer to the question of such a run, in one sentence. */
  readonly sentence: string;
}

/** A figure of the first screen. */
export interface Highlight {
  /** For programs: stays the same when the label changes. */
  readonly name: string;
  readonly label: string;
  /** Null: nothing was measured. */
  readonly value: number | null;
  readonly unit: Unit;
  /** A few words beside it. */
  readonly detail: string;
  /** A threshold on it failed or, if it has none, it should be zero and is not. */
  readonly attention: boolean;
}

/** A level of a staircase that was played. */
export interface StairLevel {
  /** Value of the tag `level`. */
  readonly name: string;
  /** Planned flow starts per second. */
  readonly rate: number;
  readonly fromMs: number;
  /** As planned, or the end of the run. */
  readonly toMs: number;
  readonly ending: LevelEnding;
  /** Of answered requests to PingFederate; null: none. */
  readonly p95Ms: number | null;
}

/** A search for capacity in steps. */
export interface Staircase {
  readonly levels: readonly StairLevel[];
  /** The highest level below which all held; null: not even the first did. */
  readonly held: StairLevel | null;
  /** The first that did not; null: all held. */
  readonly broke: StairLevel | null;
  /** Share of flows that paired a device, of the levels that held; null: none ended. */
  readonly pairedShare: number | null;
}
