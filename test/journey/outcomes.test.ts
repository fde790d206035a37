import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import type { Inventory } from '../../contract/inventory.ts';
import { outcomeTable } from '../../contract/outcome-table.ts';
import { PAIRING_OUTCOMES } from '../../contract/outcomes.ts';
import type { SimulatorCounts } from '../../contract/admin-api.ts';
import { run } from '../../engine/run.ts';
import { makeInventory } from '../../population/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';

/** Human time is shortened only so far that a busy machine cannot turn an approval into a timeout. */
const TIME_SCALE = { many: 0.25, few: 0.1 };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pairstorm-journey-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Plays all users of an inventory once with dist/smoke.js against a simulator of their own, over real HTTP. */
async function play(inventory: Inventory, env: Record<string, string> = {}) {
  const timeScale = inventory.users.length > 100 ? TIME_SCALE.many : TIME_SCALE.few;
  const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, timeScale });
  try {
    const file = join(folder, 'inventory.json');
    writeFileSync(file, encodeInventory(inventory));
    const failures: string[] = [];
    const result = await run({
      bundlePath: 'dist/smoke.js',
      env: {
        PF_BASE_URL: simulator.url,
        INVENTORY: file,
        TIME_SCALE: String(timeScale),
        FLOWS: String(inventory.users.length),
        VUS: String(Math.min(150, inventory.users.length)),
        ...env,
      },
      onConsole: (_level, line) => failures.push(line),
    });
    const counts = (await (await fetch(`${simulator.url}/admin/counts`)).json()) as SimulatorCounts;
    return { result, counts, failures, table: outcomeTable(result.summary) };
  } finally {
    await simulator.close();
  }
}

/** Flows by kind and outcome as an inventory prescribes them. */
function prescribed({ users }: Inventory): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  for (const { kind, prescribed } of users) {
    const row = (table[kind] ??= {});
    row[prescribed] = (row[prescribed] ?? 0) + 1;
  }
  return table;
}

const seed = Math.floor(Math.random() * 2 ** 32);

test(`1,000 users of a random seed (${seed}) each end as prescribed, and the simulator's own record agrees`, async () => {
  const inventory = makeInventory({ users: 1000, seed, version: 'test' });
  const { result, counts, failures, table } = await play(inventory);
  expect(failures.length, failures[0]).toBe(0);
  expect(table.outcomes).toEqual(prescribed(inventory));
  expect(table).toMatchObject({ flows: 1000, interrupted: 0, unanswered: 0 });
  expect(result.summary.metrics['outcome_mismatch']?.values['rate']).toBe(0);
  expect(result.summary.metrics['unexpected_state']?.values['count']).toBe(0);
  expect(result.exit).toBe('pass');
  expect(Object.values(counts.startsByRun)).toEqual([1000]);
  const observed = (outcome: string) =>
    Object.values(table.outcomes).reduce((sum, row) => sum + ((row as Record<string, number>)[outcome] ?? 0), 0);
  for (const outcome of PAIRING_OUTCOMES) expect(counts.completed[outcome] ?? 0).toBe(observed(outcome));
  expect(Object.values(counts.completed).reduce((sum, n) => sum + n, 0)).toBe(counts.tokens);
});

describe('a wrong prescription is caught', () => {
  test('by a threshold, and the flow is reported step by step without its secrets', async () => {
    const { users, ...head } = makeInventory({ users: 50, seed: 3, version: 'test' });
    const at = users.findIndex(({ kind }) => kind === 'F1');
    const wrong = { ...users[at]!, kind: 'F3', prescribed: 'pairing_error' } as const;
    const { result, failures } = await play({ ...head, users: users.with(at, wrong) });
    expect(result.exit).toBe('thresholds_failed');
    expect(result.summary.metrics['outcome_mismatch']?.values).toMatchObject({ passes: 1, fails: 49 });
    expect(failures).toHaveLength(1);
    const report = JSON.parse(failures[0]!.replace('pairstorm-failure ', '')) as Record<string, unknown>;
    expect(report).toMatchObject({ user: at, kind: 'F3', prescribed: 'pairing_error', outcome: 'device_paired' });
    expect((report['steps'] as { step: string }[]).map(({ step }) => step)).toEqual([
      'start',
      'checkUsernamePassword',
      'authenticate',
      'continueAuthentication',
      'token',
    ]);
    for (const secret of [wrong.username, wrong.password]) expect(failures[0]).not.toContain(secret);
  });
});

describe('clients of another kind end as prescribed too', () => {
  test.each([
    ['cookieless', { PF_STATE: 'cookieless', PF_CLIENT_ID: 'pairstorm-cookieless' }],
    ['naming actions by query', { PF_ACTION_STYLE: 'query' }],
    ['with a secret instead of PKCE', { PF_CLIENT_SECRET: 'pairstorm-secret' }],
    ['deciding pushes by poll number', { PUSH_DECIDED_BY: 'poll' }],
  ])('%s', async (_title, env) => {
    const inventory = makeInventory({ users: 50, seed: 11, version: 'test' });
    const { table, result } = await play(inventory, env);
    expect(table.outcomes).toEqual(prescribed(inventory));
    expect(result.exit).toBe('pass');
  });
});
