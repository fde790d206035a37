import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LARGEST_INVENTORY } from '../contract/command.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { encodeInventory } from '../contract/inventory.ts';
import type { Inventory } from '../contract/inventory.ts';
import { openModel, sharedFlows } from '../lib/load-model.ts';
import type { LoadModel } from '../lib/load-model.ts';
import { factsOf } from '../lib/population/human-duration.ts';
import { turnsOf, usersNeeded } from '../lib/population/slices.ts';
import type { InventoryFacts } from '../lib/population/slices.ts';
import type { Settings } from '../lib/settings.ts';
import { capacityLoad } from '../scenarios/capacity/load.ts';
import { resilienceLoad } from '../scenarios/resilience/load.ts';
import { spikeLoad } from '../scenarios/spike/load.ts';
import { VERSION } from './package.ts';

/** What each scenario plans, by the code that plans it. */
const LOADS: Readonly<Record<Settings['scenario'], (settings: Settings, facts: InventoryFacts) => LoadModel>> = {
  smoke: sharedFlows,
  load: openModel,
  soak: openModel,
  capacity: capacityLoad,
  spike: spikeLoad,
  resilience: resilienceLoad,
};

/** How many users a run needs whose accounts can be put back; 0 where it cannot be planned at all, which the run says. */
export function usersOfRun(given: Settings, { users, seed }: Inventory): number {
  // A profile file is read by the script, not by the command: people take as long as with the clients they were drawn for.
  const clientProfile = given.clientProfile.endsWith('.json') ? 'inventory' : given.clientProfile;
  const settings = { ...given, clientProfile, seed: given.seed ?? seed };
  const facts = { ...factsOf(users, settings), users: Infinity };
  try {
    const { planned, peakRate } = LOADS[settings.scenario](settings, facts);
    const turns = turnsOf(planned);
    return settings.usersExhausted === 'stop'
      ? turns
      : usersNeeded(peakRate, turns, facts.longestHumanMs * settings.timeScale);
  } catch (error) {
    if (error instanceof ConfigurationError) return 0;
    throw error;
  }
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
