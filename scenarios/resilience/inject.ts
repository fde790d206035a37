import { scenario } from 'k6/execution';
import { setTimeout } from 'k6/timers';
import type { RunPlan } from '../../lib/run-plan.ts';
import { switchFault } from './fault-control.ts';
import { faultSample } from './fault-metrics.ts';

/** Starts and ends each fault at its planned time. Failures are logged and not counted, which fails a threshold. */
export async function injectFaults(plan: RunPlan): Promise<void> {
  for (const { phase, fault, startMs, endMs } of plan.timeline ?? []) {
    if (phase !== 'fault' || fault === undefined) continue;
    await until(scenario.startTime + startMs);
    await perform(plan, fault, 'start');
    await until(scenario.startTime + endMs);
    await perform(plan, fault, 'end');
  }
}

async function perform(plan: RunPlan, fault: string, edge: 'start' | 'end'): Promise<void> {
  const wrong = await switchFault(plan, fault, edge);
  if (wrong !== undefined) {
    console.error(wrong);
    return;
  }
  faultSample('fault_injections', 1, { fault, edge });
  faultSample('fault_edge_ms', Date.now(), { fault, edge });
}

function until(unixMs: number): Promise<void> {
  const waitMs = unixMs - Date.now();
  return new Promise((resolve) => {
    if (waitMs <= 0) resolve();
    else setTimeout(resolve, waitMs);
  });
}
