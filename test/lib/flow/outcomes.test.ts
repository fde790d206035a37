import { describe, expect, test } from 'vitest';
import { PAIRING_OUTCOMES } from '../../../catalogue/outcomes.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { play, prescribed } from './stage.ts';

const seed = Math.floor(Math.random() * 2 ** 32);
/** `npm run check:conformance` plays 1,000. */
const USERS = process.env['CONFORMANCE_USERS'] === undefined ? 150 : 1_000;

test(`${USERS} users of a random seed (${seed}) each end as expected, and the simulator's own record agrees`, async () => {
  const inventory = makeInventory({ users: USERS, seed, version: 'test' });
  const { result, counts, failures, table } = await play(inventory);
  expect(failures.length, failures[0]).toBe(0);
  expect(table.outcomes).toEqual(prescribed(inventory));
  expect(table).toMatchObject({ flows: USERS, interrupted: 0, unanswered: 0 });
  expect(result.summary.metrics['outcome_mismatch']?.values['rate']).toBe(0);
  expect(result.summary.metrics['unexpected_state']?.values['count']).toBe(0);
  expect(result.exit).toBe('pass');
  expect(Object.values(counts.startsByRun)).toEqual([USERS]);
  const observed = (outcome: string) =>
    Object.values(table.outcomes).reduce((sum, row) => sum + ((row as Record<string, number>)[outcome] ?? 0), 0);
  for (const outcome of PAIRING_OUTCOMES) expect(counts.completed[outcome] ?? 0).toBe(observed(outcome));
  expect(Object.values(counts.completed).reduce((sum, n) => sum + n, 0)).toBe(counts.tokens);
}, 240_000);

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

describe('clients of another kind end as expected too', () => {
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
