import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LARGEST_INVENTORY } from '../contract/command.ts';
import { encodeInventory } from '../contract/inventory.ts';
import type { Inventory } from '../contract/inventory.ts';
import { factsOf } from '../lib/population/human-duration.ts';
import { turnsOf, usersNeeded } from '../lib/population/slices.ts';
import type { Settings } from '../lib/settings.ts';
import { VERSION } from './package.ts';
import { plannedLoad } from './planned-load.ts';

/** How many users a run needs whose accounts can be put back; 0 where it cannot be planned at all, which the run says. */
export function usersOfRun(given: Settings, { users, seed }: Inventory): number {
  // A profile file is read by the script, not by the command: people take as long as with the clients they were drawn for.
  const clientProfile = given.clientProfile.endsWith('.json') ? 'inventory' : given.clientProfile;
  const settings = { ...given, clientProfile, seed: given.seed ?? seed };
  const facts = { ...factsOf(users, settings), users: Infinity };
  const load = plannedLoad(settings, facts);
  if (load === undefined) return 0;
  const turns = turnsOf(load.planned);
  return settings.usersExhausted === 'stop'
    ? turns
    : usersNeeded(load.peakRate, turns, facts.longestHumanMs * settings.timeScale);
}

/**
 * Makes the users of the package's inventory and as many more as a run needs, in a file that goes when the process ends. Undefined where there are enough, or more are needed than can be made: the run says so.
 */
export async function makeUsers(
  needed: number,
  { seed, population, users }: Inventory,
): Promise<{ readonly folder: string; readonly file: string; readonly inventory: Inventory } | undefined> {
  if (needed <= users.length || needed > LARGEST_INVENTORY || population === undefined) return undefined;
  const { makeInventory } = await import('../population/inventory.ts');
  const { readPopulation } = await import('./read-population.ts');
  const inventory = makeInventory({ users: needed, seed, version: VERSION, population: readPopulation(population) });
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-users-'));
  // Also where a third Ctrl-C ends the process at once.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'inventory.json');
  writeFileSync(file, encodeInventory(inventory));
  return { folder, file, inventory };
}
