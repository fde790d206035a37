/**
 * `pairstorm/simulator`: PingFederate, PingOne MFA and the phones, played over HTTP in this process (docs/simulator.md).
 *
 * ```ts
 * import { startSimulator } from 'pairstorm/simulator';
 * const simulator = await startSimulator();
 * // … requests to simulator.url, as one of simulator.inventory.users …
 * await simulator.close();
 * ```
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '../contract/inventory.ts';
import { POPULATION_FOLDER } from '../population/folder.ts';
import type { SimulatorSettings } from './settings.ts';
import { startSimulator as start } from './simulator.ts';

export type { Inventory, SimulatorSettings };

/** What a simulator is started with: any setting of docs/simulator.md under its name there, and who its users are. */
export interface SimulatorOptions extends Partial<SimulatorSettings> {
  /** Accounts and devices; without it they are made, as `pairstorm inventory` makes them. */
  readonly inventory?: Inventory;
  /** How many users are made; 1,000 by default. */
  readonly users?: number;
  /** Of the users that are made, 7 by default: the same seed, the same users. Also of what the simulator draws itself. */
  readonly seed?: number;
}

/** A running simulator. */
export interface Simulator {
  /** Base URL, without a slash at the end: the `PF_BASE_URL` of a run. */
  readonly url: string;
  readonly port: number;
  /** Whom it knows. As JSON in a file it is the `INVENTORY` of a run. */
  readonly inventory: Inventory;
  /** Stops listening and cuts open connections. */
  close(): Promise<void>;
}

/**
 * Starts a simulator in this process, by default on a free port of 127.0.0.1 with users of its own making. Rejects with one
 * clear line: for settings that are wrong, for `users` beside an `inventory`, for an address that cannot be listened on.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { inventory: given, users, ...settings } = options;
  if (given !== undefined && users !== undefined) {
    throw new Error('simulator: users says how many are made, and inventory who they are; leave out one of them');
  }
  const inventory = given ?? (await madeInventory(users ?? 1_000, settings.seed ?? 7));
  const simulator = await start({ port: 0, ...settings, inventory });
  return { url: simulator.url, port: simulator.port, inventory, close: () => simulator.close() };
}

async function madeInventory(users: number, seed: number): Promise<Inventory> {
  // Loaded here alone: whoever brings an inventory needs no faker.
  const { makeInventory } = await import('../population/inventory.ts');
  const { version } = JSON.parse(readFileSync(join(POPULATION_FOLDER, '..', 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return makeInventory({ users, seed, version });
}
