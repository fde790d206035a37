import { decodeInventory } from './inventory.ts';
import type { Inventory } from './inventory.ts';
import { decodeUsersCsv } from './users-csv.ts';

/** Users out of a file: CSV by its name (.csv, .tsv, .txt), or an inventory. Throws a DecodeError that names the line or the entry. */
export function decodeUsers(text: string, source: string): Inventory {
  return /\.(csv|tsv|txt)$/i.test(source) ? decodeUsersCsv(text, source) : decodeInventory(text, source);
}
