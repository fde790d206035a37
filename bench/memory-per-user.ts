import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeInventory } from '../contract/inventory.ts';
import { makeInventory } from '../population/inventory.ts';
import { message, script } from './child-process.ts';

/**
 * Resident memory of a virtual user that waits in mid-flow with a connection of its own: the whole product with many users
 * against the same with few, so that the engine itself and the inventory are not counted.
 */
const FEW = 10;
const MANY = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-bench-'));
const target = fork(script('target.js'));
try {
  const url = `http://127.0.0.1:${String(await message(target))}`;
  const { users, ...head } = makeInventory({ users: 50, seed: 1, version: 'bench' });
  const user = users.find(({ behaviour }) => behaviour.leave?.at === 'AUTHENTICATION_REQUIRED')!;
  const leave = { at: 'AUTHENTICATION_REQUIRED', how: 'outstay', afterMs: 600_000 } as const;
  const waiting = { ...user, behaviour: { ...user.behaviour, leave } };
  const inventory = join(folder, 'inventory.json');
  writeFileSync(inventory, encodeInventory({ ...head, users: Array.from({ length: MANY }, () => waiting) }));
  const rss = async (vus: number): Promise<number> => {
    const child = fork(script('engine-waiting.js'), [url, inventory, String(vus)], { execArgv: ['--expose-gc'] });
    return ((await message(child)) as { rss: number }).rss;
  };
  const few = await rss(FEW);
  const many = await rss(MANY);
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  console.log('| waiting users, a connection each | RSS, MiB | KiB per user above the engine |');
  console.log('|---|---|---|');
  console.log(`| ${FEW} | ${mib(few)} | |`);
  console.log(`| ${MANY} | ${mib(many)} | ${((many - few) / 1024 / (MANY - FEW)).toFixed(1)} |`);
} finally {
  target.disconnect();
  rmSync(folder, { recursive: true });
}
