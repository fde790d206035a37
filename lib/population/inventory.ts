import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { Inventory } from '../../contract/inventory.ts';
import { decodeUsers } from '../../contract/users-csv.ts';
import { readFile } from '../read-file.ts';

/** Reads an inventory or CSV file. Init code only. Throws a ConfigurationError that names the invalid line or entry. */
export function readInventory(path: string): Inventory {
  const remedy = `make it with "pairstorm inventory --users 5000 --out ${path}"`;
  const text = readFile('INVENTORY', path, remedy);
  try {
    return decodeUsers(text, path);
  } catch (error) {
    throw new ConfigurationError(`INVENTORY: ${error instanceof Error ? error.message : String(error)}`);
  }
}
