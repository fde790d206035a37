import { ConfigurationError } from '../contract/configuration-error.ts';
import { SETTINGS } from '../lib/settings.ts';
import { didYouMean } from '../contract/nearest.ts';
import type { Script } from './script.ts';

/**
 * What the script sees as `__ENV`: the environment of this process, and over it the NAME=VALUE pairs of `-e`. One of our
 * own scenarios knows its names, so for it a name that is not a setting throws a ConfigurationError, and so does a secret,
 * which would be left in the shell's history and the process list.
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
      // What has no form of a name may be a secret that came apart from it.
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

/** The value of a variable; one that is empty counts as not set (lib/settings.ts reads it so too). */
export function givenIn(env: Readonly<Record<string, string>>, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}
