import { expect, it } from 'vitest';
import { choosePatient } from '../../../scenarios/doctor/patient.ts';
import { people } from '../../lib/deployment/stage.ts';

const CAPS = { perUser: 50, sms: 1000, email: 1000, push: 10_000 };
const { users } = people();
const { users: phones } = people('F10');

it('Doctor chooses whoever has a TOTP and no phone to pair, whatever the driver', () => {
  for (const driver of ['simulated', 'file', 'bridge', 'none'] as const) {
    const { index, user, until } = choosePatient(users, { driver, limits: CAPS });
    expect(user.devices).toEqual(users[index]!.devices);
    expect([user.devices.map(({ type }) => type), user.phone, until]).toEqual([['TOTP'], null, 'token']);
  }
});

it.each([
  ['simulated', CAPS, 'token'],
  ['bridge', CAPS, 'token'],
  ['bridge', { ...CAPS, push: 0 }, 'mfa'],
  ['bridge', { ...CAPS, perUser: 0 }, 'mfa'],
  ['file', CAPS, 'mfa'],
  ['none', CAPS, 'mfa'],
] as const)(
  'without a TOTP and with the driver %s, a push is asked for where it may be (%o)',
  (driver, limits, until) => {
    expect(choosePatient(phones, { driver, limits }).until).toBe(until);
  },
);

it('nobody who is locked is chosen', () => {
  const locked = users.map((user) => ({ ...user, status: 'LOCKED' as const }));
  expect(choosePatient(locked, { driver: 'simulated', limits: CAPS }).until).toBe('mfa');
});
