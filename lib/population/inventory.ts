import { SharedArray } from 'k6/data';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { decodeInventory } from '../../contract/inventory.ts';
import type { Inventory, InventoryUser } from '../../contract/inventory.ts';
import { humanMs } from './human-duration.ts';
import type { InventoryFacts } from './slices.ts';

/** The users of a run, kept once per process however many virtual users read them. */
export interface Population {
  readonly users: ArrayLike<InventoryUser>;
  readonly facts: InventoryFacts;
}

/** Opens the inventory. Init code only. Throws a ConfigurationError that names the line or entry at fault. */
export function openPopulation(path: string): Population {
  let decoded: Inventory | undefined;
  const read = (): Inventory => {
    if (decoded !== undefined) return decoded;
    let json: string;
    try {
      json = open(path.startsWith('/') ? path : `./${path}`);
    } catch {
      throw new ConfigurationError(
        `INVENTORY: cannot read ${path}; make it with "pairstorm inventory --users 5000 --out ${path}"`,
      );
    }
    try {
      return (decoded = decodeInventory(json, path));
    } catch (error) {
      throw new ConfigurationError(`INVENTORY: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const users = new SharedArray('inventory users', () => read().users as InventoryUser[]);
  const facts = new SharedArray('inventory facts', () => [factsOf(read().users)]);
  decoded = undefined;
  return { users, facts: facts[0]! };
}

function factsOf(users: readonly InventoryUser[]): InventoryFacts {
  const times = users.map(humanMs);
  const total = times.reduce((sum, ms) => sum + ms, 0);
  const longest = times.reduce((most, ms) => Math.max(most, ms), 0);
  return { users: users.length, meanHumanMs: total / users.length, longestHumanMs: longest };
}
