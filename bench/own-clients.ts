import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeInventory } from '../contract/inventory.ts';
import { UNPARTITIONED } from '../engine/executors/partition.ts';
import { youngGenerationMiB } from '../engine/workers/young-generation.ts';
import { makeInventory } from '../population/inventory.ts';
import { script } from './child-process.ts';
import type { Client } from './tools/client.ts';

/** The difference takes some ten seconds: over three, what the compiler still does in between, and the machine's noise, are a tenth of it. */
const FLOWS = [4_000, 34_000] as const;

/** The base of all ratios: undici's dispatch, one client per user, nothing else. */
export const floor: Client = {
  name: 'raw undici dispatch',
  flows: FLOWS,
  renewsCookie: false,
  find: () => ({
    command: ({ target, flows, users }) => ({
      file: process.execPath,
      args: [script('undici-flows.js'), target, String(flows), String(users)],
    }),
  }),
};

/** The same with the young generation that the engine's worker thread gets for as many users. */
export const roomyFloor: Client = {
  ...floor,
  name: 'raw undici dispatch, same young generation',
  find: () => ({
    command: ({ target, flows, users }) => ({
      file: process.execPath,
      args: [`--max-semi-space-size=${semiSpaceFor(users)}`, script('undici-flows.js'), target, `${flows}`, `${users}`],
    }),
  }),
};

/** Semi-space of one worker thread that plays `vus` virtual users, in MiB: a third of its young generation. */
function semiSpaceFor(vus: number): number {
  const plan = { name: '', startTimeMs: 0, gracefulStopMs: 0, exec: '', env: {}, tags: {} };
  const closed = { ...plan, executor: 'constant-vus', vus, durationMs: 60_000 } as const;
  return youngGenerationMiB([closed], UNPARTITIONED, 1) / 3;
}

/** The whole product, in one worker thread as the command plays it: dist/smoke.js on the engine. */
export const engine: Client = {
  name: 'Pairstorm engine, dist/smoke.js',
  flows: FLOWS,
  renewsCookie: true,
  find: () => ({
    command: ({ target, flows, mostFlows, users, folder }) => {
      // F2 without waits: just the five requests.
      const { users: people, ...head } = makeInventory({ users: 50, seed: 1, version: 'bench' });
      const user = people.find(({ kind }) => kind === 'F2')!;
      const waitless = {
        ...user,
        behaviour: { ...user.behaviour, pairing: { result: 'gives_up', afterMs: 0 } },
      } as const;
      const inventory = join(folder, 'inventory.json');
      writeFileSync(inventory, encodeInventory({ ...head, users: Array.from({ length: mostFlows }, () => waitless) }));
      return {
        file: process.execPath,
        args: [script('engine-flows.js'), target, inventory, String(flows), String(users), '1'],
      };
    },
  }),
};
