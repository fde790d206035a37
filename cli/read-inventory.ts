import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { DecodeError } from '../contract/decode.ts';
import type { Inventory } from '../contract/inventory.ts';
import { decodeUsers } from '../contract/read-users.ts';
import { describeFileError } from './file-error.ts';
import { jsonFaultLine } from './json-fault-line.ts';

/**
 * Reads a file of users, an inventory or CSV. `given`: what the setting INVENTORY says, if the file was found by it. Throws a
 * ConfigurationError that says what is wrong and on which line or entry.
 */
export function readInventory(file: string, given = file): Inventory {
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (error) {
    if (!existsSync(file) && existsSync(resolve(given))) {
      throw new ConfigurationError(
        `INVENTORY is "${given}", which is looked for beside the bundle (${file}); the file of this folder is INVENTORY=${resolve(given)}`,
      );
    }
    throw new ConfigurationError(
      `cannot read the inventory ${file}: ${describeFileError(error)}; make one with: pairstorm inventory --out FILE`,
    );
  }
  try {
    return decodeUsers(json, file);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const line =
      error.message.includes(' is not JSON') && !/\bline \d/.test(error.message) ? jsonFaultLine(json) : undefined;
    throw new ConfigurationError(line === undefined ? error.message : `${error.message} (line ${line})`);
  }
}
