import { existsSync } from 'node:fs';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { DecodeError } from '../contract/decode.ts';
import type { FailureRecord } from '../contract/failure-line.ts';
import { identityOf } from '../contract/inventory.ts';
import type { Inventory } from '../contract/inventory.ts';
import { failureOnLine } from '../record/failures-file.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';

/** Larger than any failures.jsonl: a run keeps a thousand flows of 4,000 characters. */
const MOST_BYTES = 16_000_000;

/**
 * Reads a failed flow from failures.jsonl and checks it against the current inventory, because with another one its
 * user would be somebody else. `number` counts from 1. Throws a ConfigurationError.
 */
export function recordedFlow(file: string, number: number, inventory: Inventory): FailureRecord {
  const record = read(file, number);
  const [recorded, here] = [record.inventory, identityOf(inventory)];
  for (const name of ['generator', 'seed', 'population', 'users'] as const) {
    if (recorded[name] === here[name]) continue;
    throw new ConfigurationError(
      `--from ${file}: the flow was played with another inventory (${name} ${recorded[name]}, here ${here[name]}); set INVENTORY to the one of that run`,
    );
  }
  const user = inventory.users[record.user];
  if (user?.kind !== record.kind || user.prescribed !== record.prescribed) {
    throw new ConfigurationError(
      `--from ${file}: user ${record.user} of this inventory is not the user of that flow; set INVENTORY to the one of that run`,
    );
  }
  return record;
}

function read(file: string, number: number): FailureRecord {
  try {
    return failureOnLine(readTextFile(file, MOST_BYTES), number, file);
  } catch (error) {
    if (error instanceof DecodeError) throw new ConfigurationError(`--from ${error.message}`);
    if (error instanceof TextFileError) {
      const hint = existsSync(file) ? '' : '; a run writes failures.jsonl only if flows failed';
      throw new ConfigurationError(`--from ${file}: ${error.message}${hint}`);
    }
    throw error;
  }
}
