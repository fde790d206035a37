import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LARGEST_INVENTORY } from '../contract/command.ts';
import { encodeInventory } from '../contract/inventory.ts';
import type { Inventory } from '../contract/inventory.ts';
import { factsOf } from '../lib/population/human-duration.ts';
import { usersNeeded } from '../lib/population/slices.ts';
import type { Settings } from '../lib/settings.ts';
import { VERSION } from './package.ts';

/** The largest rate of a run, in flow starts per second, and how many flows it starts about. */
interface PlannedLoad {
  readonly rate: number;
  readonly starts: number;
}

const seconds = (ms: number): number => ms / 1_000;

const steadily = ({ rate, rampMs, durationMs }: Settings): PlannedLoad => ({
  rate,
  starts: rate * (seconds(rampMs) / 2 + seconds(durationMs)),
});

const LOADS: Readonly<Record<Settings['scenario'], (settings: Settings) => PlannedLoad>> = {
  smoke: () => ({ rate: 0, starts: 0 }),
  load: steadily,
  soak: steadily,
  capacity: ({ startRate, maxRate, stepRate, stepMs }) => ({
    rate: maxRate,
    starts: ((startRate + maxRate) / 2) * ((maxRate - startRate) / stepRate + 1) * seconds(stepMs),
  }),
  spike: ({ rate, rampMs, steadyMs, spikeFactor, spikeMs, recoveryMs }) => ({
    rate: rate * spikeFactor,
    starts: rate * (seconds(rampMs) / 2 + seconds(steadyMs + recoveryMs) + spikeFactor * seconds(spikeMs)),
  }),
  resilience: ({ rate, rampMs, steadyMs, faultMs, recoveryMs, faults }) => ({
    rate,
    starts: rate * seconds(rampMs / 2 + steadyMs + faults.length * (steadyMs + faultMs + recoveryMs)),
  }),
};

/** How many users a run needs whose accounts can be put back; of Poisson starts there may be a few more than planned. */
export function usersOfRun(settings: Settings, { users }: Inventory): number {
  const { rate, starts } = LOADS[settings.scenario](settings);
  const all = Math.ceil(starts + 4 * Math.sqrt(starts));
  if (settings.usersExhausted === 'stop') return all;
  // A profile file is read by the script, not by the command: people take as long as with the clients they were drawn for.
  const clientProfile = settings.clientProfile.endsWith('.json') ? 'inventory' : settings.clientProfile;
  return usersNeeded(rate, all, factsOf(users, { ...settings, clientProfile }).longestHumanMs * settings.timeScale);
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
