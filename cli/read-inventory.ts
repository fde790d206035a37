import { ConfigurationError } from '../contract/configuration-error.ts';
import { DecodeError } from '../contract/decode.ts';
import type { Inventory } from '../contract/inventory.ts';
import { decodeUsers } from '../contract/users-csv.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';
import { jsonFaultLine } from './json-fault-line.ts';

/** What to do without a file of users. */
export const USERS_NEEDED =
  "pass a CSV of the target's users, or make users for the simulator: pairstorm inventory --out FILE";

/**
 * Reads a file of users, an inventory or CSV. Throws a ConfigurationError that says what is wrong and on which line or entry, and
 * never what stands there. `name`: the setting or flag that gave it.
 */
export function readInventoryFile(file: string, name = 'INVENTORY'): Inventory {
  let text: string;
  try {
    text = readTextFile(file);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    const remedy = error.message.includes('UTF-') ? '' : `; ${USERS_NEEDED}`;
    throw new ConfigurationError(`${name}: cannot read ${file}: ${error.message}${remedy}`);
  }
  try {
    return decodeUsers(text, file);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ConfigurationError(`${name}: ${faultOf(text, error.message, file)}`);
  }
}

/** A fault of a file of users with its line, or that it is another kind of file. */
function faultOf(text: string, fault: string, file: string): string {
  if (fault.includes(' is not JSON')) {
    if (!/^\s*[[{]/.test(text)) return `${file} is neither JSON nor CSV (.csv, .tsv, .txt); ${USERS_NEEDED}`;
    const line = /\bline \d/.test(fault) ? undefined : jsonFaultLine(text);
    return line === undefined ? fault : `${fault} (line ${line})`;
  }
  const place = fault.slice(file.length);
  // What an inventory has beside its users is made by the command alone.
  return /^: \w+ is not known/.test(place) ? `${file} is not an inventory${place}; ${USERS_NEEDED}` : fault;
}
