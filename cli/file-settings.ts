import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { PEM_OF_PKCS12 } from '../engine/http/client-certificates.ts';
import { SETTINGS } from '../lib/settings.ts';
import { DIST } from './package.ts';
import { USERS_NEEDED } from './read-inventory.ts';
import { givenIn } from './script-environment.ts';
import { OPTION_NAMES } from './setting-in-words.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';

interface FileSetting {
  readonly name: string;
  readonly given: string;
  readonly path: string;
}

/** File settings that are set, in `-e` or the environment. */
function fileSettings(env: Readonly<Record<string, string>>): FileSetting[] {
  return [...SETTINGS.values()].flatMap(({ name, parse: { type, fileEnding } }) => {
    const given = givenIn(env, name);
    const isFile = given !== undefined && (type === 'path' || (fileEnding !== undefined && given.endsWith(fileEnding)));
    return isFile ? [{ name, given, path: resolve(given) }] : [];
  });
}

/**
 * Makes file paths in `env` absolute, relative to the current folder as in every command; the bundle would resolve them
 * relative to itself. Unusable files throw a ConfigurationError, which never quotes their content.
 */
export function settleFiles(env: Record<string, string>): void {
  for (const { name, given, path } of fileSettings(env)) {
    requireThere(name, given, path, DIST);
    env[name] = path;
    // Reading the inventory later gives better messages.
    if (name !== 'INVENTORY') requireText(name, given, path);
  }
}

/** The error names the folder that was searched, and the path if the file lies beside the bundle. */
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
    const what = name === 'PF_REQUEST_KEY_FILE' && isAsn1(path) ? PEM_OF_DER : error.message;
    throw new ConfigurationError(`${name}: ${given}: ${what}`);
  }
}

const PEM_OF_DER =
  'it is binary (DER or PKCS #12); expected PEM or a JWK: openssl pkey -inform DER -in FILE -out key.pem, or openssl pkcs12 -in FILE -nocerts -nodes -out key.pem';

/** Whether a file that is no text begins as DER does: a SEQUENCE with a length of one or two bytes. */
function isAsn1(path: string): boolean {
  try {
    const [tag = 0, length = 0] = readFileSync(path);
    return tag === 0x30 && (length === 0x81 || length === 0x82);
  } catch {
    return false;
  }
}

/** Makes INVENTORY absolute for a user's script with a simulator, so that both read the same file. */
export function settleInventory(env: Record<string, string>, script: string): void {
  const given = givenIn(env, 'INVENTORY');
  if (given === undefined) return;
  const path = resolve(given);
  requireThere('INVENTORY', given, path, dirname(script));
  env['INVENTORY'] = path;
}
