import { plannedArrivals } from '../../contract/planned-scenario.ts';
import type { ExecutionPlan } from '../../engine/run-options.ts';
import { plannedScenario } from '../record/run-facts.ts';

/** The part of a plan that determines this process's load. */
export type LoadPlan = Pick<ExecutionPlan, 'scenarios' | 'segment'>;

/**
 * Planned starts per second of all arrival-rate scenarios between two times (milliseconds since the start of the load):
 * the area under the planned rate, divided by the time. Undefined without an arrival rate, and after the plan is over.
 */
export function plannedRateNow({ scenarios, segment }: LoadPlan, fromMs: number, toMs: number): number | undefined {
  const curves = scenarios.flatMap((plan) => {
    const { arrivals } = plannedScenario(plan, segment);
    return arrivals === null ? [] : [arrivals];
  });
  const endMs = Math.max(...curves.map((arrivals) => arrivals.at(-1)![0]));
  if (toMs <= fromMs || endMs <= fromMs) return undefined;
  const planned = curves.reduce((sum, arrivals) => sum + plannedArrivals(arrivals, fromMs, toMs), 0);
  return (planned * 1_000) / (toMs - fromMs);
}
