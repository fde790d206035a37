import type { InventoryIdentity } from '../../contract/inventory.ts';
import { maskUrl } from '../../contract/mask-url.ts';
import { isScenario } from '../../contract/setting.ts';
import type { ScenarioName } from '../../contract/setting.ts';
import type { RunPlan } from '../../engine/run.ts';
import { regularDurationMs, vusOf } from '../../engine/scenario-options.ts';
import type { ScenarioPlan } from '../../engine/scenario-options.ts';
import { SETTINGS, writtenDefault } from '../../lib/settings.ts';
import { REDACTED, RUN_VERSION } from '../../record/run-file.ts';
import type { Machine, RunFile } from '../../record/run-file.ts';
import type { PlannedScenario } from '../../contract/planned-scenario.ts';
import { VERSION } from '../package.ts';
import { givenIn } from '../script-environment.ts';
import type { Script } from '../script.ts';
import { settingInWords } from '../setting-in-words.ts';
import { availableParallelism, hostname } from 'node:os';

/** What a run knows of itself before it starts. */
export interface RunFacts {
  readonly script: Script;
  readonly env: Readonly<Record<string, string>>;
  /** Names that `-e` gave to a script that is not ours. */
  readonly given: readonly string[];
  readonly simulated: boolean;
  readonly inventory: InventoryIdentity | null;
  readonly intervalMs: number;
}

/** The run.json of a run that starts now. `name` is that of its folder. */
export function runFile(facts: RunFacts, plan: RunPlan, startedAt: Date, name: string): RunFile {
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
    seed: inventory?.seed ?? null,
    inventory,
    settings: script.builtIn && isScenario(script.name) ? settingsOf(script.name, env) : namesOnly(facts.given),
    scenarios: plan.scenarios.map((scenario) => plannedScenario(scenario, plan.segment)),
    thresholds: plan.thresholds,
    machines: [thisMachine()],
    end: null,
  };
}

/**
 * Settings that apply to a scenario, defaults included, so that two records can be told apart by them. The target has a field
 * of its own.
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

/** A script that is not ours: nobody knows which of its variables are secrets. */
function namesOnly(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, REDACTED]));
}

/** This machine, as a record names it. */
export function thisMachine(): Machine {
  return {
    instance: hostname(),
    cpus: availableParallelism(),
    runtime: `Node ${process.versions.node}`,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** What of a scenario this process plays: work goes to who owns the VUs for it (engine/executors/stripe.ts). */
export function plannedScenario(plan: ScenarioPlan, segment: RunPlan['segment']): PlannedScenario {
  const { atMost } = vusOf(plan);
  const maxVus = segment.count(atMost);
  return {
    name: plan.name,
    executor: plan.executor,
    startMs: plan.startTimeMs,
    durationMs: 'iterations' in plan ? null : regularDurationMs(plan),
    arrivals: arrivalsOf(plan, maxVus / atMost),
    maxVus,
  };
}

/**
 * Planned arrivals of a scenario (record/run-file.ts, PlannedScenario), of which `share` is played here; null for
 * one that is no arrival rate.
 */
function arrivalsOf(plan: ScenarioPlan, share: number): readonly (readonly [number, number])[] | null {
  const from = plan.startTimeMs;
  if (plan.executor === 'constant-arrival-rate') {
    const rate = (share * plan.rate * 1_000) / plan.timeUnitMs;
    return [
      [from, rate],
      [from + plan.durationMs, rate],
    ];
  }
  if (plan.executor !== 'ramping-arrival-rate') return null;
  const perSecond = (rate: number): number => (share * rate * 1_000) / plan.timeUnitMs;
  const points: [number, number][] = [[from, perSecond(plan.startRate)]];
  let at = from;
  for (const { durationMs, target } of plan.stages) points.push([(at += durationMs), perSecond(target)]);
  return points;
}
