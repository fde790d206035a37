import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { PEM_OF_PKCS12 } from '../engine/http/client-certificates.ts';
import { SETTINGS } from '../lib/settings.ts';
import { DIST } from './package.ts';
import { USERS_NEEDED } from './read-inventory.ts';
import { givenIn } from './script-environment.ts';
import { OPTION_NAMES } from './setting-in-words.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';

/** A setting that names a file. */
interface FileSetting {
  readonly name: string;
  readonly given: string;
  readonly path: string;
}

/** The settings of files that are given, by the names that `-e` or the environment says. */
function fileSettings(env: Readonly<Record<string, string>>): FileSetting[] {
  return [...SETTINGS.values()].flatMap(({ name, parse: { type, fileEnding } }) => {
    const given = givenIn(env, name);
    const isFile = given !== undefined && (type === 'path' || (fileEnding !== undefined && given.endsWith(fileEnding)));
    return isFile ? [{ name, given, path: resolve(given) }] : [];
  });
}

/**
 * Makes the paths of settings absolute in `env`, from the current folder, as every command means them: a bundle would look beside
 * itself. A file that cannot be used is a ConfigurationError before anything starts; what it holds is not told.
 */
export function settleFiles(env: Record<string, string>): void {
  for (const { name, given, path } of fileSettings(env)) {
    requireThere(name, given, path, DIST);
    env[name] = path;
    // The inventory is read by itself, with more to say of it.
    if (name !== 'INVENTORY') requireText(name, given, path);
  }
}

/** Throws a ConfigurationError that names the folder where a file was looked for, and where it is if that is beside the bundle. */
function requireThere(name: string, given: string, path: string, bundles: string): void {
  if (existsSync(path)) return;
  const beside = resolve(bundles, given);
  const there = !isAbsolute(given) && existsSync(beside) ? `; the file beside the bundle is ${name}=${beside}` : '';
  const where = isAbsolute(given) ? '' : `, looked for in ${process.cwd()}`;
  const remedy = there === '' && name === 'INVENTORY' ? `; ${USERS_NEEDED}` : '';
  throw new ConfigurationError(`${name}: cannot read ${given}: no such file or folder${where}${there}${remedy}`);
}

function requireText(name: string, given: string, path: string): void {
  try {
    readTextFile(path);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    if (Object.values<string>(OPTION_NAMES).includes(name))
      throw new ConfigurationError(`${name} is not PEM; ${PEM_OF_PKCS12}`);
    throw new ConfigurationError(`${name}: ${given}: ${error.message}`);
  }
}

/** INVENTORY as the simulator of a script of one's own reads it: from the current folder, and so for the script. */
export function settleInventory(env: Record<string, string>, script: string): void {
  const given = givenIn(env, 'INVENTORY');
  if (given === undefined) return;
  const path = resolve(given);
  requireThere('INVENTORY', given, path, dirname(script));
  env['INVENTORY'] = path;
}
