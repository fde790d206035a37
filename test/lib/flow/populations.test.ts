import { expect, test } from 'vitest';
import { makeInventory } from '../../../population/inventory.ts';
import { checkPopulation } from '../../../population/population.ts';
import { play, prescribed } from './stage.ts';

const one = (option: string) => ({ shares: { [option]: 1 } });
const fixed = (ms: number) => ({ distribution: 'fixed', ms });
const approves = { devices: ['push'], phone: 'paired', push: { ...one('approve'), delay: fixed(500) } };
const pairs = { devices: [], phone: 'new', pairing: { ...one('pairs'), delay: fixed(300) } };
const leaves = (at: string, how: string) => ({ leave: [{ at, how, share: 1, delay: fixed(300) }] });

/** One group of one way each, played with everything that the presets do not force to happen. */
function inventoryOf(groups: readonly object[]) {
  const share = 1 / groups.length;
  const file = {
    version: 1,
    description: 'a test',
    oneOfEachFirst: true,
    groups: groups.map((group, at) => ({ name: `${at}`, share, ...group })),
  };
  const population = checkPopulation(file, 'test');
  return makeInventory({ users: population.variants.length, seed: 5, version: 'test', population });
}

test('a broken payload, a rooted phone and a code used twice are refused, and refusals that were asked for are not failed requests', async () => {
  const inventory = inventoryOf([
    { ...pairs, pairing: undefined, payload: one('broken') },
    { ...pairs, pairing: undefined, payload: one('rooted') },
    { ...approves, push: undefined, payload: one('rooted') },
    { ...pairs, token: one('replayed') },
    { ...approves, token: one('replayed') },
  ]);
  const { result, table, failures } = await play(inventory);
  expect(failures).toEqual([]);
  expect(table.outcomes).toEqual({ F1: { refused: 3 }, F10: { refused: 2 } });
  expect(result.summary.metrics['http_req_failed{peer:pf}']?.values['rate']).toBe(0);
});

test('a server that takes what must be refused is found out', async () => {
  const { users, ...head } = inventoryOf([{ ...pairs, payload: one('broken'), pairing: undefined }]);
  // The same user, whose SDK is all right: as if the server had believed the broken payload.
  const believed = users.map((user) => ({ ...user, behaviour: { ...user.behaviour, payload: undefined } }));
  const { result, failures } = await play({ ...head, users: believed });
  expect(result.exit).toBe('thresholds_failed');
  expect(failures[0]).toContain('"prescribed":"refused","outcome":"device_');
});

test('users leave in each state in which they may, as they were prescribed to', async () => {
  const inventory = inventoryOf([
    { ...pairs, pairing: undefined, ...leaves('USERNAME_PASSWORD_REQUIRED', 'abandon') },
    { ...pairs, pairing: undefined, ...leaves('USERNAME_PASSWORD_REQUIRED', 'cancel') },
    { ...pairs, pairing: undefined, ...leaves('MOBILE_PAIRING_REQUIRED', 'cancel') },
    { ...approves, push: undefined, ...leaves('AUTHENTICATION_REQUIRED', 'abandon') },
    { ...approves, push: undefined, ...leaves('PUSH_CONFIRMATION_WAITING', 'cancel') },
    { ...approves, ...leaves('MFA_COMPLETED', 'abandon') },
    { devices: ['sms'], phone: 'none', ...leaves('OTP_REQUIRED', 'abandon') },
    { devices: ['sms', 'push'], phone: 'none', ...leaves('DEVICE_SELECTION_REQUIRED', 'cancel') },
  ]);
  const { table, failures } = await play(inventory);
  expect(failures).toEqual([]);
  expect(table.outcomes).toEqual(prescribed(inventory));
  expect(table.outcomes).toEqual({ F11: { cancelled: 4 }, F14: { abandoned: 4 } });
});

test('users think before they act, for as long as the inventory says', async () => {
  const think = {
    USERNAME_PASSWORD_REQUIRED: fixed(4_000),
    AUTHENTICATION_REQUIRED: fixed(3_000),
    MFA_COMPLETED: fixed(5_000),
  };
  const inventory = inventoryOf([{ ...approves, think }]);
  const began = Date.now();
  const { table } = await play(inventory, { TIME_SCALE: '0.1' }, { timeScale: 0.1 });
  expect(table.outcomes).toEqual({ F10: { authenticated: 1 } });
  // 12 s of thinking at a tenth: a slow machine can only make it longer.
  expect(Date.now() - began).toBeGreaterThanOrEqual(1_190);
});
