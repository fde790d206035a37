import { ConfigurationError } from '../contract/configuration-error.ts';
import { Wrong, isScenario, readValue } from '../contract/setting.ts';
import type { ScenarioName, Setting } from '../contract/setting.ts';
import { SETTINGS, writtenDefault } from '../lib/settings.ts';
import type { Script } from './script.ts';

type Environment = Readonly<Record<string, string>>;

/** Where the settings of a run come from. `pairs`: those of `-e`. */
interface Origin {
  readonly script: Script;
  readonly env: Environment;
  readonly pairs: readonly string[];
}

/**
 * Reads settings; a refusal also names the settings at fault that come from the environment, where an earlier line of
 * the terminal, a profile or a pipeline may have left them. Throws a ConfigurationError.
 */
export function namingLeftOvers<T>({ script, env, pairs }: Origin, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { name } = script;
    if (!(error instanceof ConfigurationError) || !isScenario(name)) throw error;
    const given = pairs.map((pair) => pair.slice(0, pair.indexOf('=')));
    const rows = [...SETTINGS.values()].filter((row) => !given.includes(row.name) && (env[row.name] ?? '') !== '');
    const astray = rows.filter((row) => !applies(row, env, name)).map((row) => row.name);
    const wrong = rows.filter((row) => readValue(row, env[row.name]) instanceof Wrong).map((row) => row.name);
    const names = [...new Set([...astray, ...wrong])];
    if (names.length === 0) throw error;
    const from = `${names.join(' and ')} ${names.length === 1 ? 'comes from the environment' : 'come from the environment'}`;
    const remedy = astray.length === 0 ? '' : `: unset ${astray.join(' ')}`;
    throw new ConfigurationError(`${error.message}; ${from}${remedy}`, { cause: error });
  }
}

/** Whether a setting has a meaning in a scenario, with what else is set. */
function applies({ scenarios, only = {} }: Setting<unknown>, env: Environment, scenario: ScenarioName): boolean {
  return (
    scenarios?.includes(scenario) !== false &&
    Object.entries(only).every(([other, values]) =>
      values.includes((env[other] ?? '') || writtenDefault(other, scenario)),
    )
  );
}
