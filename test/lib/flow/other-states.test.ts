import { FAILURE_PREFIX } from '../../../contract/failure-line.ts';
import type { Inventory, InventoryUser } from '../../../contract/inventory.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { CUSTOM_STATUSES, OTHER_STATUSES, PAIRING_STATUSES } from '../../../protocol/other-statuses.ts';
import { CauseCount } from '../../../record/causes.ts';
import { failureOnLine } from '../../../record/failures-file.ts';
import { causeViews } from '../../../report/model/causes.ts';
import type { SimulatorSettings } from '../../../simulator/settings.ts';
import { play } from './stage.ts';
import { describe, expect, test } from 'vitest';

const drawn = makeInventory({ users: 60, seed: 21, version: 'test' });
/** Someone who types the code of an authenticator app, right at once, and changes nothing by it. */
const TOTP = drawn.users.find(
  ({ kind, prescribed, devices, behaviour: { otp } }) =>
    kind === 'F7' && prescribed === 'authenticated' && devices[0]!.type === 'TOTP' && otp?.wrong === 0,
)!;
const one = (user: InventoryUser): Inventory => ({ ...drawn, users: [user] });

/** Plays one user, and tells what was done, how it ended, and what a person reads of it. */
async function played(
  settings: Partial<SimulatorSettings>,
  env: Record<string, string> = {},
  user: InventoryUser = TOTP,
) {
  const { failures, table } = await play(one(user), { PUSH_DECIDED_BY: 'poll', ...env }, settings);
  expect(table).toMatchObject({ flows: 1, interrupted: 0 });
  const line = failures.find((text) => text.startsWith(FAILURE_PREFIX));
  if (line === undefined) {
    return { outcome: Object.keys(table.outcomes[user.kind]!)[0]!, reason: '', at: '', did: [], cause: '', failures };
  }
  const record = failureOnLine(line.slice(FAILURE_PREFIX.length), 1, 'the console');
  const counted = new CauseCount();
  counted.take(record, 1);
  const evidence = { exitCode: 99, thresholds: [], errors: [], flows: null, faults: null, folder: undefined };
  const [{ text, remedy } = { text: '', remedy: '' }] = causeViews({ ...evidence, causes: counted.list() });
  const { outcome, reason, at, steps } = record;
  return { outcome, reason, at, did: steps.map(({ step }) => step).slice(2), cause: `${text}; ${remedy}`, failures };
}

const OF_GROUP = [
  ...PAIRING_STATUSES.map(
    (status) => [status, 'INVENTORY', /INVENTORY .*Tracked HTTP Parameters.*DEVICE_DRIVER/] as const,
  ),
  ...OTHER_STATUSES.filter((status) => !([...PAIRING_STATUSES, ...CUSTOM_STATUSES] as string[]).includes(status)).map(
    (status) => [status, 'INVENTORY', /device that DEVICE_DRIVER, or a TOTP secret of INVENTORY, can serve/] as const,
  ),
  ...[...CUSTOM_STATUSES, 'STRANGE_2FA_STATE'].map(
    (status) => [status, 'PF_CUSTOM_STATUS', /PF_CUSTOM_STATUS, PF_CUSTOM_ACTION/] as const,
  ),
];

// At the same time: each waits for its server, not for the processor.
test.concurrent.each(OF_GROUP)(
  'a user turns away from %s, which is named with what helps: %s',
  async (policy, setting, remedy) => {
    const { outcome, reason, at, did, cause } = await played({ policy });
    expect({ outcome, reason, at, did }).toEqual({
      outcome: 'not_driven',
      reason: `${policy}: no handler (${setting})`,
      at: policy,
      did: ['cancelAuthentication'],
    });
    expect(cause).toContain(
      `1 flow (F7) stopped at ${policy} after checkUsernamePassword: Pairstorm has no handler for it`,
    );
    expect(cause).toMatch(remedy);
  },
);

describe.concurrent('what a state offers is taken in this order', () => {
  const ALL = 'selectDevice,skipMfa,cancelAuthentication';

  test('another device that the user can serve, and the flow goes on', async () => {
    const { outcome, failures } = await played({ policy: `ASSERTION_REQUIRED:${ALL}` });
    expect([outcome, failures]).toEqual(['authenticated', []]);
  });

  test('skipMfa, where there is no such device; without a factor the flow is not driven, whatever its token says', async () => {
    const { outcome, at, did, cause } = await played(
      { policy: `ASSERTION_REQUIRED:${ALL}` },
      {},
      {
        ...TOTP,
        devices: [{ id: 'key', type: 'FIDO2', usable: true }],
      },
    );
    expect([outcome, at]).toEqual(['not_driven', 'ASSERTION_REQUIRED']);
    expect(did).toEqual(['customAction', 'continueAuthentication', 'token']);
    expect(cause).toContain('stopped at ASSERTION_REQUIRED after checkUsernamePassword');
  });

  test('skipMfa before a device, where MFA is to be set up', async () => {
    const { outcome, at, did } = await played({ policy: `MFA_SETUP_REQUIRED:${ALL}` });
    expect([outcome, at, did[0]]).toEqual(['not_driven', 'MFA_SETUP_REQUIRED', 'customAction']);
  });

  test('skipMfa and a device once each: the state that led back is the one that is named', async () => {
    const policy = [`MFA_SETUP_REQUIRED:${ALL}`, `DEVICE_MANAGEMENT:skipMfa,cancelAuthentication`].join('/');
    const { outcome, at, did } = await played({ policy });
    expect([outcome, at, did]).toEqual(['not_driven', 'DEVICE_MANAGEMENT', ['customAction', 'cancelAuthentication']]);
  });

  test('nothing, where it offers nothing', async () => {
    const { outcome, at, did } = await played({ policy: 'DEVICE_MANAGEMENT:addDevice' });
    expect([outcome, at, did]).toEqual(['not_driven', 'DEVICE_MANAGEMENT', []]);
  });

  test('its own action, where PF_CUSTOM_STATUS describes it', async () => {
    const env = { PF_CUSTOM_STATUS: 'DEVICE_PROFILE_REQUIRED', PF_CUSTOM_ACTION: 'submitDeviceProfile' };
    const { outcome, failures } = await played({ policy: 'DEVICE_PROFILE_REQUIRED:submitDeviceProfile' }, env);
    expect([outcome, failures]).toEqual(['authenticated', []]);
  });
});

describe.concurrent('a passkey', () => {
  const key = { id: 'key', type: 'FIDO2', usable: true } as const;

  test('is the only device of a user: the adapter asks for it, and the user cancels', async () => {
    const { outcome, at, did } = await played({}, {}, { ...TOTP, devices: [key] });
    expect([outcome, at, did]).toEqual(['not_driven', 'ASSERTION_REQUIRED', ['authenticate', 'cancelAuthentication']]);
  });

  test('that is first in a list is not selected where another device can be served', async () => {
    const user: InventoryUser = { ...TOTP, kind: 'F8', devices: [key, ...TOTP.devices], prescribed: 'authenticated' };
    const { outcome, failures } = await played({}, {}, user);
    expect([outcome, failures]).toEqual(['authenticated', []]);
  });

  test('that the behaviour selects is turned away from, to the device that can be served', async () => {
    const behaviour = { ...TOTP.behaviour, select: ['key'] };
    const user: InventoryUser = { ...TOTP, kind: 'F8', devices: [key, ...TOTP.devices], behaviour };
    const { outcome, failures } = await played({}, {}, user);
    expect([outcome, failures]).toEqual(['authenticated', []]);
  });
});

test('a cancel that leads back to the first factor is the normal end of a cancelled flow', async () => {
  const user = drawn.users.find(
    ({ kind, behaviour: { leave } }) => kind === 'F11' && leave?.at === 'AUTHENTICATION_REQUIRED',
  )!;
  const { outcome, failures } = await played({ failBranch: 'on' }, {}, user);
  expect([outcome, failures]).toEqual(['cancelled', []]);
});
