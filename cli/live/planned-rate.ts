import { plannedArrivals } from '../../contract/planned-scenario.ts';
import type { ExecutionPlan } from '../../engine/run.ts';
import { plannedScenario } from '../record/run-facts.ts';

/** What of a run's plan says how much load is made here. */
export type LoadPlan = Pick<ExecutionPlan, 'scenarios' | 'segment'>;

/**
 * Starts per second that a run's arrival rates plan between two times (milliseconds since the start of the load), all
 * scenarios together: the area under the planned rate over the time. Undefined for a run without an arrival rate, and where
 * the plan is over.
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
