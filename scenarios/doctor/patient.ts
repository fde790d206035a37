import type { Behaviour, InventoryUser } from '../../contract/inventory.ts';
import type { Settings } from '../../lib/settings.ts';

/** The user who plays the flow, and how far it goes. */
export interface Patient {
  /** Index in the inventory. */
  readonly index: number;
  readonly user: InventoryUser;
  /** `token`: to the end. `mfa`: to the MFA adapter, where it is cancelled. */
  readonly until: 'token' | 'mfa';
}

/** The only device is a TOTP whose secret is known: no message is sent. */
function hasOnlyTotp({ devices }: InventoryUser): boolean {
  const [device] = devices;
  return devices.length === 1 && device!.type === 'TOTP' && device!.secret !== undefined && device!.usable;
}

/** The only device is the phone itself, which can approve its push. */
function hasOnlyItsPhone({ devices, phone }: InventoryUser): boolean {
  const [device] = devices;
  const itself = devices.length === 1 && phone?.deviceId === device!.id && !phone.rooted;
  return itself && device!.usable && device!.pushEnabled !== false && device!.unreachable !== true;
}

/**
 * Chooses the user: preferably one with a TOTP, whose flow ends in a token without sending a message or changing the
 * account; else one whose single push the driver can approve within the caps; else anybody, up to the MFA adapter.
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
  const totp = find(hasOnlyTotp);
  if (totp >= 0) return patient(users, totp, { otp: { wrong: 0, afterMs: 0 } });
  const mayPush = driver === 'simulated' || (driver === 'bridge' && limits.push > 0 && limits.perUser > 0);
  const push = mayPush ? find(hasOnlyItsPhone) : -1;
  if (push >= 0) return patient(users, push, { push: { decision: 'approve', afterMs: 500 } });
  const user = users[0]!;
  const leave = { at: 'AUTHENTICATION_REQUIRED', how: 'cancel', afterMs: 0 } as const;
  return {
    index: 0,
    until: 'mfa',
    user: { ...user, kind: 'F11', prescribed: 'cancelled', behaviour: { profile: user.behaviour.profile, leave } },
  };
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
