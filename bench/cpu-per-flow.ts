import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeInventory } from '../contract/inventory.ts';
import { makeInventory } from '../population/inventory.ts';
import { message, script } from './child-process.ts';

/**
 * CPU of one flow of five requests (start, first factor, authenticate, continue, token), by client. Each client runs in a
 * process of its own with few and with many flows; the difference is the price of the flows without the start-up. Rounds
 * alternate, the median ratio counts, because this kind of machine is noisy.
 */
const CLIENTS = { 'raw undici dispatch': 'undici-flows.js', 'Pairstorm engine, dist/smoke.js': 'engine-flows.js' };
const FEW = 2_000;
const MANY = 12_000;
const USERS = 50;
const ROUNDS = 5;

interface Report {
  readonly cpuSeconds: number;
  readonly flows: number;
  readonly mismatch: number;
}

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-bench-'));
const target = fork(script('target.js'));
try {
  const url = `http://127.0.0.1:${String(await message(target))}`;
  // F2 without waiting: the five requests and nothing else.
  const { users, ...head } = makeInventory({ users: 50, seed: 1, version: 'bench' });
  const user = users.find(({ kind }) => kind === 'F2')!;
  const waitless = { ...user, behaviour: { ...user.behaviour, pairing: { result: 'gives_up', afterMs: 0 } } } as const;
  const inventory = join(folder, 'inventory.json');
  writeFileSync(inventory, encodeInventory({ ...head, users: Array.from({ length: MANY }, () => waitless) }));

  const cpu = async (file: string, flows: number): Promise<number> => {
    const child = fork(script(file), [url, inventory, String(flows), String(USERS)]);
    const report = (await message(child)) as Report;
    if (report.flows !== flows || report.mismatch !== 0) throw new Error(`${file} played ${JSON.stringify(report)}`);
    return report.cpuSeconds;
  };
  const microseconds = new Map<string, number[]>(Object.keys(CLIENTS).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, file] of Object.entries(CLIENTS)) {
      const few = await cpu(file, FEW);
      microseconds.get(name)!.push(((await cpu(file, MANY)) - few) * (1e6 / (MANY - FEW)));
    }
  }
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const floor = microseconds.get('raw undici dispatch')!;
  console.log(
    `| client, ${USERS} users, five requests a flow | CPU per flow, µs: median (min to max) | ratio to raw undici, median of ${ROUNDS} |`,
  );
  console.log('|---|---|---|');
  for (const [name, values] of microseconds) {
    const ratios = values.map((value, round) => value / floor[round]!);
    const range = `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;
    console.log(`| ${name} | ${range} | ${median(ratios).toFixed(2)} |`);
  }
} finally {
  target.disconnect();
  rmSync(folder, { recursive: true });
}
