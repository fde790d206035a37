import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { demandsOf } from '../../lib/population/demands.ts';
import { testUsers } from './deployment/request-objects.ts';
import { makeInventory } from '../../population/inventory.ts';

const { users } = makeInventory({ users: 200, seed: 9, version: 'test' });
const NO_LIMIT = { perUser: 1e9, sms: 1e9, email: 1e9, push: 1e9 };
const CHANNELS = ['sms', 'email', 'push'] as const;

const subset = fc
  .uniqueArray(fc.nat(users.length - 1), { minLength: 1, maxLength: 12 })
  .map((at) => at.map((i) => users[i]!));
const few = fc.integer({ min: 0, max: 12 });

describe('what the flows of a plan cause', () => {
  test('the messages of so many flows are the sum of each flow’s, however often users are played again', () => {
    fc.assert(
      fc.property(subset, fc.integer({ min: 0, max: 60 }), (some, turns) => {
        const { messages } = demandsOf(some, turns, NO_LIMIT);
        const sum = { sms: 0, email: 0, push: 0 };
        for (let turn = 0; turn < turns; turn++) {
          const one = demandsOf([some[turn % some.length]!], 1, NO_LIMIT).messages;
          for (const channel of CHANNELS) sum[channel] += one[channel];
        }
        expect(messages).toEqual(sum);
      }),
    );
  });

  test('a test device gets no message, and one that is not marked as such does', () => {
    const tested = testUsers(30).users;
    const unmarked = tested.map((user) => ({
      ...user,
      devices: user.devices.map((one) => ({ ...one, testMode: false })),
    }));
    expect(demandsOf(tested, 30, NO_LIMIT).messages).toEqual({ sms: 0, email: 0, push: 0 });
    expect(demandsOf(unmarked, 30, NO_LIMIT).messages).toEqual({ sms: 20, email: 10, push: 0 });
    expect(demandsOf(tested, 30, { perUser: 0, sms: 0, email: 0, push: 0 }).limit).toBeNull();
  });

  test('a limit is reached by the very flow that would exceed it, and not before', () => {
    fc.assert(
      fc.property(subset, few, few, few, few, (some, perUser, sms, email, push) => {
        const limits = { perUser, sms, email, push };
        const { limit } = demandsOf(some, 1, limits);
        const sent = { sms: 0, email: 0, push: 0 };
        const each = some.map(() => ({ sms: 0, email: 0, push: 0 }));
        let reached: number | null = null;
        for (let turn = 0; turn <= 40 * some.length && reached === null; turn++) {
          const at = turn % some.length;
          const one = demandsOf([some[at]!], 1, NO_LIMIT).messages;
          for (const channel of CHANNELS) {
            sent[channel] += one[channel];
            each[at]![channel] += one[channel];
            if (one[channel] > 0 && (sent[channel] > limits[channel] || each[at]![channel] > perUser)) reached ??= turn;
          }
        }
        expect(limit?.turn ?? null).toBe(reached);
      }),
    );
  });

  test('the kinds are those of the users whom the plan plays, not of the whole inventory', () => {
    const played = new Set(users.slice(0, 10).map(({ kind }) => kind));
    expect(new Set(demandsOf(users, 10, NO_LIMIT).kinds)).toEqual(played);
    expect(demandsOf(users, 1, NO_LIMIT).kinds).toEqual([users[0]!.kind]);
  });

  test('a browser with a TOTP device causes no message and needs no device', () => {
    const totp = users.find(
      ({ phone, devices, kind }) => kind === 'F7' && phone === null && devices[0]?.type === 'TOTP',
    )!;
    expect(demandsOf([totp], 1, NO_LIMIT)).toMatchObject({ needs: {}, messages: { sms: 0, email: 0, push: 0 } });
  });

  test('a user’s own payload and passcode take the place of the driver’s', () => {
    const sms = users.find(
      ({ phone, devices, kind }) => kind === 'F7' && phone !== null && devices[0]?.type === 'SMS',
    )!;
    expect(Object.keys(demandsOf([sms], 1, NO_LIMIT).needs)).toEqual(expect.arrayContaining(['payload', 'code']));
    const own = { ...sms, driver: { payload: 'p', otp: '123456' } };
    const { needs } = demandsOf([own], 1, NO_LIMIT);
    expect(needs).not.toHaveProperty('payload');
    expect(needs).not.toHaveProperty('code');
  });
});
