import { peakNeed } from './executors/peak-need.ts';
import { ScenarioRun } from './executors/scenario-run.ts';
import { planPart, vusOf } from './executors/table.ts';
import { monitorThread } from './generator-health/monitor.ts';
import type { ThreadHealth } from './generator-health/monitor.ts';
import type { ScenarioHost } from './scenario-host.ts';
import type { TestRun } from './test-run.ts';
import { VuPool } from './vu-pool.ts';

/**
 * Plays a run's scenarios, or its part of them, in this thread. Creates the first VUs: throws what init code throws.
 */
export function scenariosHere(test: TestRun): ScenarioHost {
  const plans = test.settings!.scenarios;
  const pool = new VuPool(test);
  // What the scenarios need for their starts (k6-contract.md 3.3).
  pool.fill(peakNeed(plans, (plan) => test.partition.count(vusOf(plan).atStart)));
  let running: readonly ScenarioRun[] = [];
  let ending = false;
  const health: ThreadHealth[] = [];
  return {
    async play(setupJson) {
      if (ending) return;
      running = plans.flatMap((plan, at) => {
        const part = planPart(plan, test.partition);
        if (part === undefined) return [];
        return [new ScenarioRun(part, { run: test, pool, setupJson, number: at + 1 })];
      });
      const endMonitor = monitorThread(test);
      await Promise.all(running.map((scenario) => scenario.start()));
      health.push(endMonitor());
    },
    close() {
      ending = true;
      for (const scenario of running) scenario.close(false);
    },
    interrupt() {
      ending = true;
      for (const scenario of running) scenario.interrupt();
    },
    health: () => health,
    faults: [],
    async dispose() {
      pool.dispose();
    },
  };
}
