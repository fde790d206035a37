import type { Inventory, InventoryDevice, InventoryUser } from '../../contract/inventory.ts';

/** A TOTP secret, base32 of the RFC 6238 test secret `12345678901234567890`. */
export const TOTP_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const device = (
  id: string,
  fields: Omit<InventoryDevice, 'id' | 'usable'> & { usable?: boolean },
): InventoryDevice => ({
  id,
  usable: true,
  ...fields,
});

const mobile = (id: string, fields: Partial<InventoryDevice> = {}): InventoryDevice =>
  device(id, {
    type: 'iPhone',
    name: 'iPhone 15',
    role: 'PRIMARY',
    pushEnabled: true,
    otpEnabled: true,
    applicationId: 'com.example.bank',
    ...fields,
  });

const person = (username: string, devices: readonly InventoryDevice[], status: InventoryUser['status'] = 'ACTIVE') => ({
  username,
  password: `password of ${username}`,
  firstName: username,
  lastName: 'Tester',
  status,
  devices,
  phone: null,
  kind: 'F14' as const,
  prescribed: 'abandoned' as const,
  behaviour: { profile: 'android' as const },
});

/** A few hand-made users; the simulator reads accounts and devices and ignores the rest. */
export const PEOPLE: Inventory = {
  version: 1,
  generator: 'test',
  seed: 1,
  users: [
    person('new', []),
    person('mobile', [mobile('mobile-1')]),
    person('no-app-code', [mobile('mobile-2', { otpEnabled: false })]),
    person('no-push', [mobile('mobile-3', { pushEnabled: false })]),
    person('sms', [device('sms-1', { type: 'SMS', target: '+1*****23', role: 'PRIMARY' })]),
    person('email', [device('email-1', { type: 'Email', target: 'a***@example.com' })]),
    person('totp', [device('totp-1', { type: 'TOTP', secret: TOTP_SECRET })]),
    person('several', [
      mobile('mobile-4'),
      device('sms-4', { type: 'SMS', target: '+1*****44' }),
      device('email-4', { type: 'Email', usable: false }),
    ]),
    person('part-locked', [
      device('locked-sms', { type: 'SMS', target: '+1*****77', role: 'PRIMARY', locked: true }),
      device('open-email', { type: 'Email' }),
    ]),
    person('no-signal', [mobile('mobile-7', { unreachable: true })]),
    person('locked', [mobile('mobile-5')], 'LOCKED'),
    person('unusable', [mobile('mobile-6', { usable: false })]),
    person(
      'full',
      ['a', 'b', 'c', 'd', 'e'].map((letter) => device(`full-${letter}`, { type: 'SMS' })),
    ),
  ],
};
