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
    const names = [...SETTINGS.values()]
      .filter((row) => !given.includes(row.name) && isAtFault(row, env, name))
      .map((row) => row.name);
    if (names.length === 0) throw error;
    throw new ConfigurationError(
      `${error.message}; ${names.join(' and ')} ${names.length === 1 ? 'comes' : 'come'} from the environment: unset ${names.join(' ')}`,
      { cause: error },
    );
  }
}

function isAtFault(row: Setting<unknown>, env: Environment, scenario: ScenarioName): boolean {
  const value = env[row.name] ?? '';
  if (value === '') return false;
  if (row.scenarios?.includes(scenario) === false || readValue(row, value) instanceof Wrong) return true;
  return Object.entries(row.only ?? {}).some(
    ([other, values]) => !values.includes((env[other] ?? '') || writtenDefault(other, scenario)),
  );
}
