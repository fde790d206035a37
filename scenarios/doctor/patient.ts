import type { Behaviour, InventoryUser } from '../../contract/inventory.ts';
import type { Settings } from '../../lib/settings.ts';

/** The user who plays the flow, and how far it goes. */
export interface Patient {
  /** Index in the inventory. */
  readonly index: number;
  readonly user: InventoryUser;
  /** `token`: to the end. `mfa`: to the MFA adapter, `pairing`: to the pairing of a new phone; there it is cancelled. */
  readonly until: 'token' | 'mfa' | 'pairing';
}

/** The only device is a TOTP whose secret is known: no message is sent. */
function hasOnlyTotp({ devices }: InventoryUser): boolean {
  const [device] = devices;
  return devices.length === 1 && device!.type === 'TOTP' && device!.secret !== undefined && device!.usable;
}

/** The only device is a test device: its code is in the answer, and nobody is sent a message. */
function hasOnlyTestDevice({ devices }: InventoryUser): boolean {
  return devices.length === 1 && devices[0]!.testMode === true && devices[0]!.usable;
}

/** The first phone is to be paired. */
function pairsAPhone({ devices, phone, behaviour }: InventoryUser): boolean {
  return (
    devices.length === 0 &&
    phone?.rooted === false &&
    behaviour.pairing !== undefined &&
    behaviour.payload === undefined
  );
}

/** The only device is the phone itself, which can approve its push. */
function hasOnlyItsPhone({ devices, phone }: InventoryUser): boolean {
  const [device] = devices;
  const itself = devices.length === 1 && phone?.deviceId === device!.id && !phone.rooted;
  return itself && device!.usable && device!.pushEnabled !== false && device!.unreachable !== true;
}

/**
 * Chooses the user: preferably one with a TOTP, whose flow ends in a token without sending a message or changing the
 * account (with the driver test-device, one with a test device); else one whose single push the driver can approve within
 * the caps; else one who is to pair a phone, up to there; else anybody, up to the MFA adapter.
 * Their behaviour is replaced: no waiting, mistyping or leaving.
 */
export function choosePatient(
  users: readonly InventoryUser[],
  { driver, limits }: Pick<Settings, 'driver' | 'limits'>,
): Patient {
  const find = (fits: (user: InventoryUser) => boolean): number =>
    users.findIndex(
      (user) => user.status === 'ACTIVE' && user.devices.every(({ locked }) => locked !== true) && fits(user),
    );
  const tested = driver === 'test-device' ? find(hasOnlyTestDevice) : -1;
  if (tested >= 0) return patient(users, tested, { otp: { wrong: 0, afterMs: 0 } });
  const totp = find(hasOnlyTotp);
  if (totp >= 0) return patient(users, totp, { otp: { wrong: 0, afterMs: 0 } });
  const mayPush = driver === 'simulated' || (driver === 'bridge' && limits.push > 0 && limits.perUser > 0);
  const push = mayPush ? find(hasOnlyItsPhone) : -1;
  if (push >= 0) return patient(users, push, { push: { decision: 'approve', afterMs: 500 } });
  const pairs = driver === 'simulated' || driver === 'bridge' ? find(pairsAPhone) : -1;
  return pairs >= 0
    ? leaver(users, pairs, 'pairing', 'MOBILE_PAIRING_REQUIRED')
    : leaver(users, 0, 'mfa', 'AUTHENTICATION_REQUIRED');
}

/** A user who cancels in this state. */
function leaver(
  users: readonly InventoryUser[],
  index: number,
  until: Patient['until'],
  at: NonNullable<Behaviour['leave']>['at'],
): Patient {
  const user = users[index]!;
  const leave = { at, how: 'cancel', afterMs: 0 } as const;
  const behaviour = { profile: user.behaviour.profile, leave };
  return { index, until, user: { ...user, kind: 'F11', prescribed: 'cancelled', behaviour } };
}

function patient(users: readonly InventoryUser[], index: number, play: Omit<Behaviour, 'profile'>): Patient {
  const user = users[index]!;
  const push = play.push !== undefined;
  return {
    index,
    until: 'token',
    user: {
      ...user,
      // Without a phone, no pairing follows.
      phone: push ? user.phone : null,
      kind: push ? 'F10' : 'F7',
      prescribed: 'authenticated',
      behaviour: { profile: 'android', ...play },
    },
  };
}
