import { constantArrivalRate } from './constant-arrival-rate.ts';
import { constantVus } from './constant-vus.ts';
import type { Executor } from './executor.ts';
import { perVuIterations } from './per-vu-iterations.ts';
import { rampingArrivalRate } from './ramping-arrival-rate.ts';
import { rampingVus } from './ramping-vus.ts';
import { sharedIterations } from './shared-iterations.ts';
import { workPartition } from './partition.ts';
import type { Partition } from './partition.ts';

/** All executors, by k6's names. */
export const EXECUTORS = {
  'shared-iterations': sharedIterations,
  'per-vu-iterations': perVuIterations,
  'constant-vus': constantVus,
  'ramping-vus': rampingVus,
  'constant-arrival-rate': constantArrivalRate,
  'ramping-arrival-rate': rampingArrivalRate,
} as const;

type PlanOf<One> = One extends Executor<infer Plan> ? Plan : never;

/** One scenario, validated and with all defaults. */
export type ScenarioPlan = PlanOf<(typeof EXECUTORS)[keyof typeof EXECUTORS]>;

/** The executor of a plan. */
export function executorOf(plan: ScenarioPlan): Executor<ScenarioPlan> {
  return EXECUTORS[plan.executor];
}

/** The part of a scenario that belongs to a part of the test. */
export interface PlanPart {
  readonly plan: ScenarioPlan;
  /** Which of the scenario's VUs. */
  readonly vus: Partition;
  /** Which of its iterations or arrivals. */
  readonly work: Partition;
}

/** A part of a plan; `undefined` if it has no VU. The parts sum to the whole. */
export function planPart(plan: ScenarioPlan, vus: Partition): PlanPart | undefined {
  const executor = executorOf(plan);
  const most = executor.vus(plan).atMost;
  if (vus.count(most) === 0) return undefined;
  const work = workPartition(vus, most);
  return { plan: executor.partition(plan, vus, work), vus, work };
}

/** Regular length of a scenario in milliseconds, without its graceful stop. */
export function regularDurationMs(plan: ScenarioPlan): number {
  return executorOf(plan).lengthMs(plan);
}

/** VUs that a scenario needs at its start, and at most. */
export function vusOf(plan: ScenarioPlan): { readonly atStart: number; readonly atMost: number } {
  return executorOf(plan).vus(plan);
}
