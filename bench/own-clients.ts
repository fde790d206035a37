import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeInventory } from '../contract/inventory.ts';
import { makeInventory } from '../population/inventory.ts';
import { script } from './child-process.ts';
import type { Client } from './tools/client.ts';

const FLOWS = [2_000, 12_000] as const;

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

/** The whole product: dist/smoke.js on the engine. */
export const engine: Client = {
  name: 'Pairstorm engine, dist/smoke.js',
  flows: FLOWS,
  renewsCookie: true,
  find: () => ({
    command: ({ target, flows, users, folder }) => {
      // F2 without waits: just the five requests.
      const { users: people, ...head } = makeInventory({ users: 50, seed: 1, version: 'bench' });
      const user = people.find(({ kind }) => kind === 'F2')!;
      const waitless = {
        ...user,
        behaviour: { ...user.behaviour, pairing: { result: 'gives_up', afterMs: 0 } },
      } as const;
      const inventory = join(folder, 'inventory.json');
      writeFileSync(inventory, encodeInventory({ ...head, users: Array.from({ length: FLOWS[1] }, () => waitless) }));
      return {
        file: process.execPath,
        args: [script('engine-flows.js'), target, inventory, String(flows), String(users)],
      };
    },
  }),
};
