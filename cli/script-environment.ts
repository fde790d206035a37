import { ConfigurationError } from '../contract/configuration-error.ts';
import { SETTINGS } from '../lib/settings.ts';
import { didYouMean } from '../contract/nearest.ts';
import type { Script } from './script.ts';

/**
 * The script's `__ENV`: the process environment, overridden by the NAME=VALUE pairs of `-e`. For built-in scenarios, an
 * unknown name throws a ConfigurationError, and so does a secret, which would be visible in shell history and process
 * lists.
 */
export function scriptEnvironment(
  script: Script,
  pairs: readonly string[],
  processEnvironment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(processEnvironment)) if (value !== undefined) env[name] = value;
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) {
      // Anything that does not look like a name may be a stray secret: do not print it.
      const shown = /^[A-Z][A-Z0-9_]*$/.test(pair) ? ` ${pair}` : '';
      throw new ConfigurationError(`-e${shown} has no value; write -e NAME=VALUE`);
    }
    const name = pair.slice(0, at);
    if (script.builtIn) {
      const setting = SETTINGS.get(name);
      if (setting === undefined) {
        const names = [...SETTINGS.keys()];
        throw new ConfigurationError(
          `-e ${name}: no such setting${didYouMean(name, names)}; "pairstorm run --help" lists them`,
        );
      }
      if (setting.parse.type === 'secret') {
        throw new ConfigurationError(
          `-e ${name}: do not pass a secret on the command line; set ${name} in the environment, or ${name}_FILE`,
        );
      }
    }
    env[name] = pair.slice(at + 1);
  }
  return env;
}

/** The value of a variable; empty counts as unset, as in lib/settings.ts. */
export function givenIn(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}
