import { ConfigurationError } from '../contract/configuration-error.ts';
import { DecodeError } from '../contract/decode.ts';
import type { Inventory } from '../contract/inventory.ts';
import { decodeUsers } from '../contract/users-csv.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';
import { jsonFaultLine } from './json-fault-line.ts';

/** Remedy if there is no file of users. */
export const USERS_NEEDED =
  "pass a CSV of the target's users, or make users for the simulator: pairstorm inventory --out FILE";

/**
 * Reads an inventory or a CSV of users. Throws a ConfigurationError that names the fault and its line or entry, but
 * never quotes the content. `name`: the setting or flag that named the file.
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

/** Adds the line to a fault, or says that the file is of another kind. */
function faultOf(text: string, fault: string, file: string): string {
  if (fault.includes(' is not JSON')) {
    if (!/^\s*[[{]/.test(text)) return `${file} is neither JSON nor CSV (.csv, .tsv, .txt); ${USERS_NEEDED}`;
    const line = /\bline \d/.test(fault) ? undefined : jsonFaultLine(text);
    return line === undefined ? fault : `${fault} (line ${line})`;
  }
  const place = fault.slice(file.length);
  // Unknown top-level keys: only `pairstorm inventory` writes those, so this is another kind of file.
  return /^: \w+ is not known/.test(place) ? `${file} is not an inventory${place}; ${USERS_NEEDED}` : fault;
}
