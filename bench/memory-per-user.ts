import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeInventory } from '../contract/inventory.ts';
import type { InventoryUser } from '../contract/inventory.ts';
import { makeInventory } from '../population/inventory.ts';
import { message, script } from './child-process.ts';

/**
 * Users that wait. Resident memory per user in mid-flow, with its own connection and with shared ones: the whole
 * product with many users minus the same with few, so that the engine itself and the inventory do not count. And the
 * timer lag while they poll every 2 s, all in one thread.
 */
const FEW = 10;
const MANY = 10_000;
/** Starts per second; each flow waits for 30 s, so that more than MANY wait at a time. */
const RATE = 350;
const RATE_USERS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-bench-'));
const target = fork(script('target.js'), ['waiting']);
try {
  const url = `http://127.0.0.1:${String(await message(target))}`;
  const { users, ...head } = makeInventory({ users: 50, seed: 1, version: 'bench' });
  const inventoryOf = (name: string, user: InventoryUser, count: number): string => {
    const path = join(folder, name);
    writeFileSync(path, encodeInventory({ ...head, users: Array.from({ length: count }, () => user) }));
    return path;
  };
  const leaver = users.find(({ behaviour }) => behaviour.leave?.at === 'AUTHENTICATION_REQUIRED')!;
  const leave = { at: 'AUTHENTICATION_REQUIRED', how: 'outstay', afterMs: 600_000 } as const;
  const waiting = inventoryOf('waiting.json', { ...leaver, behaviour: { ...leaver.behaviour, leave } }, MANY);
  const ignorer = users.find(({ behaviour }) => behaviour.push?.decision === 'ignore')!;
  const behaviour = { ...ignorer.behaviour, profile: 'android', afterTimeout: 'cancel' } as const;
  const polling = inventoryOf('polling.json', { ...ignorer, behaviour }, RATE_USERS);

  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  console.log('| connections | RSS with 10 waiting users, MiB | with 10,000, MiB | KiB per user above the engine |');
  console.log('|---|---|---|---|');
  for (const connections of ['own', 'shared']) {
    const rss = async (vus: number): Promise<number> => {
      const arguments_ = [url, waiting, String(vus), connections];
      const child = fork(script('engine-waiting.js'), arguments_, { execArgv: ['--expose-gc'] });
      return ((await message(child)) as { rss: number }).rss;
    };
    const few = await rss(FEW);
    const many = await rss(MANY);
    const each = ((many - few) / 1024 / (MANY - FEW)).toFixed(1);
    console.log(`| ${connections === 'own' ? 'one each' : 'shared, 100'} | ${mib(few)} | ${mib(many)} | ${each} |`);
  }
  console.log('');
  console.log('| 10,000 users that poll every 2 s, connections | steps late, ms: median | p99 | max | polls |');
  console.log('|---|---|---|---|---|');
  for (const connections of ['own', 'shared']) {
    const child = fork(script('engine-polling.js'), [url, polling, String(RATE), String(MANY), connections]);
    const { lateness, polls } = (await message(child)) as Record<'lateness' | 'polls', Record<string, number>>;
    const [median, p99, max] = ['med', 'p(99)', 'max'].map((name) => lateness[name]!.toFixed(0));
    console.log(
      `| ${connections === 'own' ? 'one each' : 'shared'} | ${median!} | ${p99!} | ${max!} | ${polls['count']!} |`,
    );
  }
} finally {
  target.disconnect();
  rmSync(folder, { recursive: true });
}
