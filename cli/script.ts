import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { didYouMean } from '../contract/nearest.ts';
import { DIST } from './package.ts';

export interface Script {
  /** File name without extension. */
  readonly name: string;
  readonly path: string;
  /** One of our scenarios in dist/, whose settings are known. */
  readonly builtIn: boolean;
}

const SCRIPT_FILE = /\.(?:[cm]?js|m?ts)$/;

/** Bundles that have their own commands. */
const TOOLS: readonly string[] = ['doctor', 'trace'];

export function scenarioNames(): string[] {
  if (!existsSync(DIST)) return [];
  return readdirSync(DIST)
    .filter((file) => file.endsWith('.js'))
    .map((file) => basename(file, '.js'))
    .sort();
}

/**
 * Resolves `run NAME|FILE`: a name without slash or extension is a built-in scenario, anything else a path. Throws a
 * ConfigurationError that lists the scenarios.
 */
export function findScript(nameOrFile: string): Script {
  if (!nameOrFile.includes('/') && !nameOrFile.includes(sep) && !SCRIPT_FILE.test(nameOrFile)) {
    const names = scenarioNames();
    if (names.includes(nameOrFile)) return { name: nameOrFile, path: join(DIST, `${nameOrFile}.js`), builtIn: true };
    if (TOOLS.includes(nameOrFile)) {
      throw new ConfigurationError(`${nameOrFile} is a command, not a scenario; write: pairstorm ${nameOrFile}`);
    }
    const list = names.length === 0 ? 'none built; run "npm run build"' : names.join(', ');
    throw new ConfigurationError(
      `there is no scenario "${nameOrFile}"${didYouMean(nameOrFile, names)}; scenarios: ${list}; or pass the path of a script`,
    );
  }
  const path = resolve(nameOrFile);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) throw new ConfigurationError(`no script at ${nameOrFile}`);
  if (there.isDirectory()) {
    throw new ConfigurationError(
      `${nameOrFile} is a folder; name a script in it, or a scenario: ${scenarioNames().join(', ')}`,
    );
  }
  const builtIn = existsSync(DIST) && realpathSync(dirname(path)) === realpathSync(DIST);
  return { name: basename(path).replace(SCRIPT_FILE, ''), path, builtIn };
}
