import type { Arrivals } from '../../contract/planned-scenario.ts';
import type { ReadOption } from '../option-fields.ts';
import type { Partition } from './partition.ts';

/** What the plans of all executors share (k6-contract.md 3.1). Times in milliseconds. */
export interface CommonPlan {
  readonly name: string;
  readonly startTimeMs: number;
  readonly gracefulStopMs: number;
  readonly exec: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A field of a scenario: how it is read, and its default; without one it is required. */
export type Field = readonly [read: ReadOption<unknown>, fallback?: unknown];

/** Gives the value of a field, read or by default, in the type of the plan that it becomes part of. */
export type ReadField = (field: string) => never;

/** A VU, as executors see it. */
export interface ScenarioVu {
  /** Cuts off its iteration, if there is one. */
  interrupt(): void;
}

/** A scenario that runs, as its executor sees it. */
export interface Scenario {
  /** What of the whole test is played here: which VUs, and which iterations or arrivals. */
  readonly partition: { readonly vus: Partition; readonly work: Partition };
  /** Iterations may be started. */
  readonly open: boolean;
  /** Milliseconds since it began. */
  elapsedMs(): number;
  /** A VU for it; a new one if none is free. */
  takeVu(): ScenarioVu;
  /** Starts an iteration; `done` is called when the VU is free again, interrupted or not. */
  iterate(vu: ScenarioVu, done: () => void): void;
  /** Counts iterations that the plan wanted and that did not start. */
  drop(iterations: number): void;
  /** Says whether a VU counts as active (metric `vus`). */
  setActive(vu: ScenarioVu, active: boolean): void;
  /** An iteration has started so much later than it was due, in milliseconds. */
  startedLate(lateMs: number): void;
  /** No further iteration. */
  close(byPlan: boolean): void;
  /** A VU could not be made: the run ends. */
  failInit(thrown: unknown): void;
  warn(line: string): void;
}

/** Starts iterations by a plan until it is told to stop. */
export interface Driver {
  readonly begin: () => void;
  /** No iteration may be started any more; `byPlan`: the plan's time is over, not the user's patience. */
  readonly close: (byPlan: boolean) => void;
}

/** All that there is to an executor: its fields, what a plan of it comes to, and how it starts iterations. */
export interface Executor<Plan extends CommonPlan> {
  /** Its fields beside those that all have (k6-contract.md 3.2). */
  readonly fields: Readonly<Record<string, Field>>;
  /** Its part of a plan. Throws a ConfigurationError, with `place`, for fields that contradict each other. */
  read(field: ReadField, place: string): Omit<Plan, keyof CommonPlan | 'executor'>;
  /** Length of a plan in milliseconds, without its graceful stop; the longest where iterations are counted. */
  lengthMs(plan: Plan): number;
  /** VUs that a plan needs when it starts, and at most. */
  vus(plan: Plan): { readonly atStart: number; readonly atMost: number };
  /** A plan with the numbers of VUs and iterations of one part of the test; rates and stages stay those of the whole. */
  partition(plan: Plan, vus: Partition, work: Partition): Plan;
  /** Iterations after which a plan is done; of an executor that plans time there is no such number. */
  iterations?(plan: Plan): number;
  /** Starts per second that a plan wants, by the time since its start; of an executor without an arrival rate there are none. */
  arrivals?(plan: Plan): Arrivals;
  drive(plan: Plan, scenario: Scenario): Driver;
}
