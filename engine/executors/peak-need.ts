import { regularDurationMs } from './table.ts';
import type { ScenarioPlan } from './table.ts';

/** The largest sum of what scenarios need at the same time, each from its start to the end of its graceful stop. */
export function peakNeed(plans: readonly ScenarioPlan[], needOf: (plan: ScenarioPlan) => number): number {
  const changes = plans.flatMap((plan) => {
    const need = needOf(plan);
    return [
      { at: plan.startTimeMs, need },
      { at: plan.startTimeMs + regularDurationMs(plan) + plan.gracefulStopMs, need: -need },
    ];
  });
  // At the same time, releases come before acquisitions.
  changes.sort((a, b) => a.at - b.at || a.need - b.need);
  let now = 0;
  let peak = 0;
  for (const { need } of changes) peak = Math.max(peak, (now += need));
  return peak;
}
