import type { Arrivals } from '../../contract/planned-scenario.ts';
import type { ReadOption } from '../option-fields.ts';
import type { Partition } from './partition.ts';

/** Fields of all executors' plans (k6-contract.md 3.1). Times in milliseconds. */
export interface CommonPlan {
  readonly name: string;
  readonly startTimeMs: number;
  readonly gracefulStopMs: number;
  readonly exec: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A field of a scenario: its reader and its default; without a default it is required. */
export type Field = readonly [read: ReadOption<unknown>, fallback?: unknown];

/** Returns the value of a field, or its default, in the type of the plan. */
export type ReadField = (field: string) => never;

/** An executor's view of a VU. */
export interface ScenarioVu {
  /** Aborts its iteration, if there is one. */
  interrupt(): void;
}

/** An executor's view of a running scenario. */
export interface Scenario {
  /** Which VUs, and which iterations or arrivals, of the whole test are run here. */
  readonly partition: { readonly vus: Partition; readonly work: Partition };
  /** Whether iterations may be started. */
  readonly open: boolean;
  elapsedMs(): number;
  /** Acquires a VU; a new one if none is free. */
  takeVu(): ScenarioVu;
  /** Starts an iteration; `done` is called when the VU is free again, interrupted or not. */
  iterate(vu: ScenarioVu, done: () => void): void;
  /** Counts dropped iterations. */
  drop(iterations: number): void;
  /** Sets whether a VU counts as active (metric `vus`). */
  setActive(vu: ScenarioVu, active: boolean): void;
  /** Records the start lag of an iteration, in milliseconds. */
  startedLate(lateMs: number): void;
  /** Stops starting iterations. */
  close(byPlan: boolean): void;
  /** Ends the run, because a VU could not be created. */
  failInit(thrown: unknown): void;
  warn(line: string): void;
}

/** Starts iterations by a plan until it is closed. */
export interface Driver {
  readonly begin: () => void;
  /**
   * Starts what is due before the end of the plan and has not been started: timers count whole milliseconds, so the last
   * arrival's may fire after the plan's.
   */
  readonly planEnds?: () => void;
  /** Stops starting iterations; `byPlan`: because the plan's time is over, not because the run was stopped. */
  readonly close: (byPlan: boolean) => void;
}

/** An executor: its fields, properties of its plans, and how it starts iterations. */
export interface Executor<Plan extends CommonPlan> {
  /** Its fields besides the common ones (k6-contract.md 3.2). */
  readonly fields: Readonly<Record<string, Field>>;
  /** Its part of a plan. Throws a ConfigurationError, with `place`, if fields contradict each other. */
  read(field: ReadField, place: string): Omit<Plan, keyof CommonPlan | 'executor'>;
  /** Length of a plan in milliseconds, without graceful stop; the maximum if iterations are counted. */
  lengthMs(plan: Plan): number;
  /** VUs that a plan needs at its start, and at most. */
  vus(plan: Plan): { readonly atStart: number; readonly atMost: number };
  /** A plan with a partition's numbers of VUs and iterations; rates and stages stay the whole test's. */
  partition(plan: Plan, vus: Partition, work: Partition): Plan;
  /** Number of iterations of a plan; absent for executors whose plans have a duration. */
  iterations?(plan: Plan): number;
  /** Planned starts per second by time since the plan's start; absent for executors without an arrival rate. */
  arrivals?(plan: Plan): Arrivals;
  drive(plan: Plan, scenario: Scenario): Driver;
}
