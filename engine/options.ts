import { ConfigurationError } from '../contract/configuration-error.ts';
import { didYouMean } from '../contract/nearest.ts';
import { consolidate } from './consolidate.ts';
import type { OptionLayer } from './consolidate.ts';
import { objectField } from './option-fields.ts';
import { LOAD_OPTIONS, OPTIONS, SHORTCUTS } from './option-table.ts';
import { readScenario } from './scenario-options.ts';
import type { ScenarioPlan } from './executors/table.ts';

type OptionName = keyof typeof OPTIONS;

/** Validated options of a run; durations in milliseconds. */
export type RunSettings = {
  readonly [K in OptionName]: ReturnType<(typeof OPTIONS)[K]['read']>;
} & {
  readonly scenarios: readonly ScenarioPlan[];
  /** `exec.test.options`: as given, with shortcuts as `scenarios.default` and null for unset options. */
  readonly consolidated: Readonly<Record<string, unknown>>;
};

/** Reads a script's `options`, merged with configuration file, environment and flags. Throws a ConfigurationError. */
export function readOptions(
  exported: unknown,
  warn: (line: string) => void,
  layers: readonly OptionLayer[] = [],
): RunSettings {
  const script: OptionLayer = { source: 'script', values: objectField(exported ?? {}, 'options') };
  const { options, warnings } = consolidate([...layers, script]);
  warnings.forEach(warn);
  const settings: Record<string, unknown> = {};
  for (const [name, { read, fallback }] of Object.entries(OPTIONS)) {
    const value = options[name] ?? null;
    settings[name] = value === null ? fallback : read(value, `options.${name}`);
  }
  const chosen = choose(scenariosOf(options), settings as unknown as RunSettings);
  const plans = Object.entries(chosen).map(([name, value]) => readScenario(name, value));
  const dropped = Object.keys(scenariosOf(options)).filter((name) => !Object.hasOwn(chosen, name));
  const thresholds = withoutThresholdsOf(dropped, settings['thresholds'] as RunSettings['thresholds'], warn);
  const shown = Object.keys(OPTIONS).filter((name) => !('outside' in OPTIONS[name as OptionName]));
  const unset = Object.fromEntries([...shown, ...Object.keys(SHORTCUTS)].map((name) => [name, null]));
  const rest = Object.entries(options).filter(([name]) => !Object.hasOwn(SHORTCUTS, name) && shown.includes(name));
  return {
    ...settings,
    thresholds,
    scenarios: plans,
    consolidated: { ...unset, ...Object.fromEntries(rest), scenarios: chosen },
  } as unknown as RunSettings;
}

/** The scenarios as written, or the one that the shortcuts stand for. */
function scenariosOf(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const [length, iterations, stages, scenarios] = LOAD_OPTIONS.map((name) => options[name] ?? undefined);
  if (scenarios !== undefined) {
    const written = objectField(scenarios, 'options.scenarios');
    if (Object.keys(written).length > 0) return written;
    throw new ConfigurationError('options.scenarios is empty; expected at least one scenario');
  }
  const vus = options['vus'] ?? undefined;
  const withVus = vus === undefined ? {} : { vus };
  if (stages !== undefined) {
    return { default: { executor: 'ramping-vus', stages, ...(vus === undefined ? {} : { startVUs: vus }) } };
  }
  if (iterations !== undefined) {
    const limit = length === undefined ? {} : { maxDuration: length };
    return { default: { executor: 'shared-iterations', iterations, ...withVus, ...limit } };
  }
  if (length !== undefined) return { default: { executor: 'constant-vus', duration: length, ...withVus } };
  return { default: { executor: 'shared-iterations', iterations: 1, ...withVus } };
}

/** Scenarios selected by `--scenario` and `--once` (k6-contract.md 3.3). Throws a ConfigurationError. */
function choose(
  all: Readonly<Record<string, unknown>>,
  { selectedScenarios, once }: Pick<RunSettings, 'selectedScenarios' | 'once'>,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(all);
  for (const name of selectedScenarios) {
    if (names.includes(name)) continue;
    throw new ConfigurationError(
      `--scenario ${name}: no such scenario${didYouMean(name, names)}; scenarios: ${names.join(', ')}`,
    );
  }
  const chosen = names.filter((name) => selectedScenarios.length === 0 || selectedScenarios.includes(name));
  if (!once) return Object.fromEntries(chosen.map((name) => [name, all[name]]));
  if (chosen.length !== 1) {
    throw new ConfigurationError(
      `--once runs one scenario, and there are ${chosen.length} (${chosen.join(', ')}); choose one with --scenario NAME`,
    );
  }
  const name = chosen[0]!;
  const { exec, env, tags } = objectField(all[name], `scenarios.${name}`);
  const kept = Object.entries({ exec, env, tags }).filter(([, value]) => value !== undefined);
  return { [name]: { executor: 'shared-iterations', vus: 1, iterations: 1, ...Object.fromEntries(kept) } };
}

/** Drops thresholds on scenarios that do not run: they would only mislead. */
function withoutThresholdsOf(
  scenarios: readonly string[],
  thresholds: RunSettings['thresholds'],
  warn: (line: string) => void,
): RunSettings['thresholds'] {
  if (scenarios.length === 0) return thresholds;
  const kept = Object.entries(thresholds).filter(([selector]) => {
    const named = scenarios.find((name) => new RegExp(`[{,]\\s*scenario\\s*:\\s*${name}\\s*[,}]`).test(selector));
    if (named === undefined) return true;
    warn(`threshold "${selector}" is ignored: scenario ${named} does not run (--scenario)`);
    return false;
  });
  return Object.fromEntries(kept);
}
