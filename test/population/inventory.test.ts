import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeInventory, encodeInventory } from '../../contract/inventory.ts';
import type { InventoryUser } from '../../contract/inventory.ts';
import { LIFETIMES } from '../../simulator/wire/lifetimes.ts';
import { PRESCRIBABLE } from '../../catalogue/prescribable.ts';
import { DELAY_WINDOWS } from '../../population/delays.ts';
import { makeInventory } from '../../population/inventory.ts';
import { PRESETS, preset } from '../../population/population.ts';
import { CLIENT_PROFILES, patienceMs } from '../../protocol/client-profiles.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import { outcomeByTheRules } from './server-rules.ts';

const make = (users: number, seed: number) => makeInventory({ users, seed, version: '1.2.3' });
const bytes = (users: number, seed: number): string => encodeInventory(make(users, seed));
const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const kinds = Object.keys(FLOW_KINDS) as (keyof typeof FLOW_KINDS)[];
const { variants } = preset('everything');

/** Shortest patience of a client, from the first poll that it sends to its last. */
const PATIENCE_MS = Math.min(...Object.values(CLIENT_PROFILES).map(patienceMs));

describe('an inventory', () => {
  test('is read back from its file as it was made', () => {
    const inventory = make(500, 7);
    expect(decodeInventory(encodeInventory(inventory), 'inventory.json')).toEqual(inventory);
    expect(inventory).toMatchObject({ version: 1, seed: 7, generator: 'pairstorm 1.2.3', population: 'everything' });
  });

  test('has the same bytes for the same seed and others for another seed', () => {
    fc.assert(
      fc.property(seeds, seeds, (a, b) => {
        fc.pre(a !== b);
        expect(bytes(60, a)).toBe(bytes(60, a));
        expect(bytes(60, a)).not.toBe(bytes(60, b));
      }),
      { numRuns: 20 },
    );
  });

  test('begins as a shorter one of the same seed does', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 80 }), (seed, users) => {
        expect(make(80, seed).users.slice(0, users)).toEqual(make(users, seed).users);
      }),
      { numRuns: 20 },
    );
  });

  test('is refused for a number of users or a seed that cannot be', () => {
    expect(() => make(0, 1)).toThrow('users is 0; expected a whole number from 1 to 1000000');
    expect(() => make(1.5, 1)).toThrow('users is 1.5');
    expect(() => make(1, -1)).toThrow('seed is -1; expected a whole number from 0 to 4294967295');
    expect(() => make(1, 2 ** 32)).toThrow('seed is 4294967296');
  });
});

describe('the first users', () => {
  const block = make(variants.length, 7).users;

  test('are one of each variant', () => {
    const key = (of: { kind: string; prescribed: string }): string => `${of.kind} ${of.prescribed}`;
    expect(block.map(key).sort()).toEqual(variants.map(key).sort());
  });

  test('show every kind of flow', () => {
    expect([...new Set(block.map((user) => user.kind))].sort()).toEqual([...kinds].sort());
  });

  test('show every outcome that an inventory may prescribe', () => {
    const shown = new Set([...block.map((user) => user.prescribed), 'refused']);
    // Whom a policy lets in without MFA only the deployment knows.
    shown.add('bypassed');
    expect(shown).toEqual(new Set(Object.values(PRESCRIBABLE).flat()));
  });

  test('begin with those who outstay, let pushes lapse and enter codes that have expired', () => {
    const slow = (user: InventoryUser): boolean =>
      user.behaviour.leave?.how === 'outstay' ||
      user.behaviour.afterTimeout === 'retry' ||
      (user.behaviour.otp?.afterMs ?? 0) > LIFETIMES.otpMs;
    const count = block.filter(slow).length;
    expect(count).toBeGreaterThanOrEqual(5);
    expect(block.slice(0, count).every(slow)).toBe(true);
    expect(block[0]?.prescribed).toBe('expired');
  });
});

describe('every user of every inventory', () => {
  const users = fc
    .tuple(seeds, fc.integer({ min: 1, max: 100 }), fc.constantFrom(...PRESETS))
    .map(
      ([seed, count, name]) => makeInventory({ users: count, seed, version: 'test', population: preset(name) }).users,
    );
  const forEachUser = (claim: (user: InventoryUser) => void): void =>
    fc.assert(
      fc.property(users, (all) => all.forEach(claim)),
      { numRuns: 40 },
    );

  test('is prescribed what the rules of the protocol make of account, phone and behaviour', () => {
    forEachUser((user) => {
      expect(outcomeByTheRules(user), `${user.username} ${user.kind}`).toBe(user.prescribed);
      expect(PRESCRIBABLE[user.kind]).toContain(user.prescribed);
    });
  });

  test('has a name and device ids that nobody else has', () => {
    fc.assert(
      fc.property(users, (all) => {
        const names = all.map((user) => user.username);
        const ids = all.flatMap((user) => user.devices.map((device) => device.id));
        expect(new Set(names).size).toBe(names.length);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 40 },
    );
    const ids = make(5_000, 7).users.flatMap((user) => user.devices.map((device) => device.id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has a name of letters and a number, at most five devices and one primary among them', () => {
    forEachUser((user) => {
      expect(user.username).toMatch(/^[a-z]+\.[a-z]+\.\d{4,}$/);
      expect(user.password).toMatch(/^\S{16}$/);
      expect(user.devices.length).toBeLessThanOrEqual(5);
      expect(user.devices.filter((device) => device.role === 'PRIMARY').length).toBe(Math.min(1, user.devices.length));
    });
  });

  test('holds a phone that is a push device of the account, or a new one, and polls as its platform does', () => {
    forEachUser(({ phone, devices, behaviour }) => {
      if (phone?.deviceId) {
        const device = devices.find((one) => one.id === phone.deviceId);
        expect(device).toMatchObject({ type: phone.platform, name: phone.model, pushEnabled: true, usable: true });
      }
      if (phone !== null) expect(behaviour.profile).toBe(phone.platform === 'iPhone' ? 'ios' : 'android');
    });
  });

  test('has addresses only where they are masked, and secrets only in TOTP devices', () => {
    forEachUser(({ devices }) => {
      for (const device of devices) {
        const expected = { SMS: /^\+1\*{6}\d\d$/, Voice: /^\+1\*{6}\d\d$/, Email: /^[a-z]\*{3}@e\*{3}\.com$/ };
        if (device.type in expected) expect(device.target).toMatch(expected[device.type as keyof typeof expected]);
        else expect(device.target).toBeUndefined();
        if (device.type === 'TOTP') expect(device.secret).toMatch(/^[A-Z2-7]{32}$/);
        else expect(device.secret).toBeUndefined();
        expect(Date.parse(device.enrollmentTime ?? '')).toBeLessThan(Date.parse('2025-06-01'));
      }
    });
  });

  test('waits no longer than what it waits for lives', () => {
    forEachUser(({ behaviour: { push, otp, leave, think } }) => {
      if (push && push.decision !== 'ignore') expect(push.afterMs).toBeLessThan(LIFETIMES.pushMs);
      if (leave) expect(leave.afterMs > LIFETIMES.flowIdleMs).toBe(leave.how === 'outstay');
      if (otp && otp.afterMs <= LIFETIMES.otpMs) {
        expect(Math.min(otp.wrong + 1, 3) * otp.afterMs).toBeLessThanOrEqual(LIFETIMES.otpMs - 5_000);
      }
      for (const ms of [otp?.afterMs, ...Object.values(think ?? {})])
        expect(ms ?? 0).toBeLessThan(LIFETIMES.flowIdleMs);
    });
  });
});

test('the windows of the delays leave room on both sides of what they must not meet', () => {
  for (const client of ['android', 'ios', 'browser'] as const) {
    expect(DELAY_WINDOWS.push(client).maxMs + 2_000).toBeLessThanOrEqual(Math.min(PATIENCE_MS, LIFETIMES.pushMs));
  }
  expect(LIFETIMES.pushMs + 1_000).toBeLessThanOrEqual(PATIENCE_MS);
  expect(DELAY_WINDOWS.expiredOtp().minMs).toBeGreaterThanOrEqual(LIFETIMES.otpMs + 2_000);
  expect(DELAY_WINDOWS.expiredOtp().maxMs + 5_000).toBeLessThanOrEqual(LIFETIMES.flowIdleMs);
  expect(DELAY_WINDOWS.leave().maxMs + 2_000).toBeLessThanOrEqual(LIFETIMES.pushMs);
  expect(DELAY_WINDOWS.outstay().minMs).toBe(LIFETIMES.flowIdleMs + 5_000);
});
