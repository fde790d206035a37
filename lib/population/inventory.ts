import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { Inventory, InventoryUser } from '../../contract/inventory.ts';
import { decodeUsers } from '../../contract/users-csv.ts';
import { profileOf } from '../client-profile.ts';
import { readFile } from '../read-file.ts';
import { humanMs, longestFlowMsOf } from './human-duration.ts';
import type { PlayedClient } from './human-duration.ts';
import type { InventoryFacts } from './slices.ts';

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

/** Facts about the users for planning a run; the settings choose their clients. */
export function factsOf(users: readonly InventoryUser[], client: PlayedClient): InventoryFacts {
  const times = users.map((user) => humanMs(user, profileOf(client, user.behaviour)));
  const total = times.reduce((sum, ms) => sum + ms, 0);
  const longest = times.reduce((most, ms) => Math.max(most, ms), 0);
  const longestFlowMs = users.reduce((most, user) => Math.max(most, longestFlowMsOf(user, client)), longest);
  return { users: users.length, meanHumanMs: total / users.length, longestHumanMs: longest, longestFlowMs };
}
