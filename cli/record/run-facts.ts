import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { InventoryIdentity } from '../../contract/inventory.ts';
import type { Arrivals, PlannedScenario } from '../../contract/planned-scenario.ts';
import { isScenario } from '../../contract/setting.ts';
import type { ScenarioName } from '../../contract/setting.ts';
import { maskUrl } from '../../contract/shown-text.ts';
import { executorOf, regularDurationMs } from '../../engine/executors/table.ts';
import type { ScenarioPlan } from '../../engine/executors/table.ts';
import type { ExecutionPlan } from '../../engine/run-options.ts';
import { SETTINGS, writtenDefault } from '../../lib/settings.ts';
import { LONGEST_RUN_MS, POINT, REDACTED, RUN_VERSION } from '../../record/run-file.ts';
import type { Machine, RunFile } from '../../record/run-file.ts';
import type { RunPart } from '../../record/run-part.ts';
import type { DriftRules, ResilienceRules } from '../../record/analysis-rules.ts';
import { schema } from '../../record/schema.ts';
import { VERSION } from '../package.ts';
import { givenIn } from '../script-environment.ts';
import type { Script } from '../script.ts';
import { settingInWords } from '../setting-in-words.ts';
import { availableParallelism, hostname } from 'node:os';

export interface RunStart {
  readonly script: Script;
  readonly env: Readonly<Record<string, string>>;
  /** Names set with `-e` for a user's script. */
  readonly given: readonly string[];
  readonly simulated: boolean;
  /** Further arguments of the simulator; none of its options is a secret. */
  readonly simulatorArguments?: readonly string[];
  readonly inventory: InventoryIdentity | null;
  readonly intervalMs: number;
  /** Undefined: drift is not judged. */
  readonly drift: DriftRules | undefined;
  /** Undefined: there are no faults to judge. */
  readonly resilience: ResilienceRules | undefined;
  /** Undefined: the whole. */
  readonly part?: RunPart | undefined;
}

/** Builds run.json for a run that starts now. `name`: the name of its folder. */
export function runFile(facts: RunStart, plan: ExecutionPlan, startedAt: Date, name: string): RunFile {
  const { script, env, simulated, inventory, intervalMs } = facts;
  const target = givenIn(env, 'PF_BASE_URL') ?? (script.builtIn ? writtenDefault('PF_BASE_URL') : undefined);
  return {
    record: 'pairstorm-run',
    version: RUN_VERSION,
    testid: plan.tags['testid'] ?? name,
    pairstorm: VERSION,
    host: 'engine',
    script: script.name,
    startedAt: startedAt.toISOString(),
    intervalMs,
    target: target === undefined ? null : maskUrl(target),
    simulated,
    ...(facts.simulatorArguments === undefined || facts.simulatorArguments.length === 0
      ? {}
      : { simulatorOptions: facts.simulatorArguments.map(optionInWords) }),
    seed: inventory?.seed ?? null,
    inventory,
    settings: script.builtIn && isScenario(script.name) ? settingsOf(script.name, env) : namesOnly(facts.given),
    scenarios: plan.scenarios.map((scenario) => plannedScenario(scenario, plan.segment)),
    thresholds: plan.thresholds,
    ...(facts.drift === undefined ? {} : { drift: facts.drift }),
    ...(facts.resilience === undefined ? {} : { resilience: facts.resilience }),
    ...(facts.part === undefined ? {} : { part: facts.part }),
    machines: [thisMachine()],
    end: null,
  };
}

/**
 * Effective settings of a scenario including defaults, so that records can be compared. The target has its own field.
 */
function settingsOf(scenario: ScenarioName, env: Readonly<Record<string, string>>): Record<string, string> {
  const valueOf = (name: string): string => givenIn(env, name) ?? writtenDefault(name, scenario);
  const settings: Record<string, string> = {};
  for (const { name, scenarios, only } of SETTINGS.values()) {
    const applies =
      (scenarios === undefined || scenarios.includes(scenario)) &&
      Object.entries(only ?? {}).every(([other, values]) => values.includes(valueOf(other)));
    const value = valueOf(name);
    if (!applies || value === '' || name === 'PF_BASE_URL') continue;
    settings[name] = settingInWords(name, value);
  }
  return settings;
}

/** `--latency-scale=2` without its dashes, a URL without user information. */
function optionInWords(argument: string): string {
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
  return value === undefined ? name : `${name}=${maskUrl(value)}`;
}

/** In a user's script, any variable may be a secret. */
function namesOnly(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, REDACTED]));
}

export function thisMachine(): Machine {
  return {
    instance: hostname(),
    cpus: availableParallelism(),
    runtime: `Node ${process.versions.node}`,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** Throws a ConfigurationError if a scenario is planned to run longer than a record can hold. */
export function refuseEndless({ scenarios }: Pick<ExecutionPlan, 'scenarios'>): void {
  for (const plan of scenarios) {
    const endMs = 'iterations' in plan ? 0 : plan.startTimeMs + regularDurationMs(plan);
    if (endMs <= LONGEST_RUN_MS) continue;
    const days = (ms: number): string => `${Math.ceil(ms / 86_400_000)} days`;
    throw new ConfigurationError(
      `scenario ${plan.name} would end after ${days(endMs)}; a run is recorded for up to ${days(LONGEST_RUN_MS)}, so split it into shorter runs`,
    );
  }
}

/** The rate that a scenario plans, by the time since its start: of drawn starts the rate behind the draws (lib/load-model.ts). */
export function plannedRateOf(plan: ScenarioPlan): Arrivals | undefined {
  const said = plan.env['PLANNED_RATE'];
  return said === undefined ? executorOf(plan).arrivals?.(plan) : readRate(said);
}

/** A script of somebody else's may have such a variable, too. */
function readRate(text: string): Arrivals | undefined {
  try {
    return schema.listOf(POINT).decode(JSON.parse(text), 'PLANNED_RATE');
  } catch {
    return undefined;
  }
}

/** What of a scenario this process plays: work goes to who owns the VUs for it (engine/executors/partition.ts). */
export function plannedScenario(plan: ScenarioPlan, segment: ExecutionPlan['segment']): PlannedScenario {
  const executor = executorOf(plan);
  const { atMost } = executor.vus(plan);
  const maxVus = segment.count(atMost);
  const arrivals = plannedRateOf(plan);
  return {
    name: plan.name,
    executor: plan.executor,
    startMs: plan.startTimeMs,
    durationMs: executor.iterations === undefined ? executor.lengthMs(plan) : null,
    arrivals: arrivals?.map(([atMs, rate]) => [plan.startTimeMs + atMs, (rate * maxVus) / atMost]) ?? null,
    maxVus,
  };
}
