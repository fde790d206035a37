import { ConfigurationError } from '../contract/configuration-error.ts';
import { DecodeError } from '../contract/decode.ts';
import type { Inventory } from '../contract/inventory.ts';
import { decodeUsers } from '../contract/users-csv.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';
import { jsonFaultLine } from './json-fault-line.ts';

/**
 * Reads a file of users, an inventory or CSV. Throws a ConfigurationError that says what is wrong and on which line or entry, and
 * never what stands there.
 */
export function readInventoryFile(file: string): Inventory {
  let json: string;
  try {
    json = readTextFile(file);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    const remedy = error.message.includes('UTF-') ? '' : '; make one with: pairstorm inventory --out FILE';
    throw new ConfigurationError(`cannot read the inventory ${file}: ${error.message}${remedy}`);
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
