import type { RunFile } from '../../record/run-file.ts';
import type { PlannedScenario } from '../../contract/planned-scenario.ts';
import { counted } from '../quantity.ts';
import type { RunFacts, ScenarioRow } from './report-model.ts';

/** Facts about a run. `durationMs`: its length, or that of the recorded part. */
export function runFacts(run: RunFile, durationMs: number): RunFacts {
  const { testid, script, host, pairstorm, target, simulated, seed, inventory, startedAt, intervalMs, machines } = run;
  return {
    testid,
    script,
    host,
    pairstorm,
    target,
    simulated,
    seed,
    inventory:
      inventory === null
        ? null
        : `${counted(inventory.users, 'user')}, population “${inventory.population}” (${inventory.generator}, seed ${inventory.seed})`,
    startedAt,
    endedAt: run.end?.endedAt ?? null,
    durationMs,
    intervalMs,
    scenarios: run.scenarios.map(scenarioRow),
    machines,
    settings: Object.entries(run.settings).sort(([a], [b]) => (a < b ? -1 : 1)),
    iterations: run.end?.iterations ?? null,
  };
}

/** What the requests of flows went to. */
export function nameOfTarget({ simulated }: Pick<RunFile, 'simulated'>): string {
  return simulated ? 'the simulator' : 'PingFederate';
}

function scenarioRow({ name, executor, startMs, durationMs, arrivals, maxVus }: PlannedScenario): ScenarioRow {
  const peakRate = arrivals === null ? null : arrivals.reduce((peak, [, rate]) => Math.max(peak, rate), 0);
  return { name, executor, startMs, durationMs, peakRate, maxVus };
}
