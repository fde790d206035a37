import { OUTCOMES } from '../catalogue/outcomes.ts';
import type { Outcome } from '../catalogue/outcomes.ts';
import { PRESCRIBABLE } from '../catalogue/prescribable.ts';
import { CLIENT_PROFILES } from '../protocol/client-profiles.ts';
import type { ClientProfileName } from '../protocol/client-profiles.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { DEVICE_TYPES } from '../protocol/resources.ts';
import type { DeviceType, MobileDeviceType } from '../protocol/resources.ts';
import { FLOW_STATUSES } from '../protocol/statuses.ts';
import type { FlowStatus } from '../protocol/statuses.ts';
import { DecodeError, flag, listOf, nullable, oneOf, optional, shape, text, whole } from './decode.ts';
import type { Decoder } from './decode.ts';

/**
 * The inventory file: users with accounts, devices, the phone they use, and their behaviour, with every choice and
 * delay drawn in advance. `population/` writes it, virtual users play it, the simulator reads accounts and devices
 * only. Delays are milliseconds of think time.
 */
export interface Inventory {
  readonly version: 1;
  readonly generator: string;
  readonly seed: number;
  /** Name of the population that the users were drawn from. */
  readonly population?: string | undefined;
  readonly users: readonly InventoryUser[];
}

/** Identifies an inventory: the same values mean the same users in the same order. */
export type InventoryIdentity = Pick<Inventory, 'generator' | 'seed'> & {
  /** Name of the population; `''` if unknown. */
  readonly population: string;
  readonly users: number;
};

/** The identity of an inventory. It goes into records of bounded length, so long names are cut. */
export function identityOf({ generator, seed, population = '', users }: Inventory): InventoryIdentity {
  return { generator: generator.slice(0, 60), seed, population: population.slice(0, 60), users: users.length };
}

/** Optional fields for the device side of a user. */
interface DriverFields {
  /** The bridge's name for this user's phone; passed on unchanged. */
  readonly handle?: string | undefined;
  /** A mobile payload captured elsewhere, used instead of the driver's. */
  readonly payload?: string | undefined;
  /** A fixed one-time passcode, used instead of the driver's. */
  readonly otp?: string | undefined;
}

/** A user: account, paired devices, phone, behaviour, and expected outcome. */
export interface InventoryUser {
  readonly username: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly status: 'ACTIVE' | 'LOCKED';
  readonly devices: readonly InventoryDevice[];
  /** The phone that runs the app; null: the client sends no mobile payload. */
  readonly phone: Phone | null;
  readonly kind: FlowKind;
  readonly prescribed: Outcome;
  /**
   * `nothing`: the state of the account is unknown. `kind` and `prescribed` then only say how the user is counted; what
   * was asked for is reported (`paths_found`), not judged.
   */
  readonly expects?: 'nothing' | undefined;
  readonly behaviour: Behaviour;
  /** What the device side of a real deployment needs to know about this user. */
  readonly driver?: DriverFields | undefined;
}

/** A device that the account has before the run. */
export interface InventoryDevice {
  readonly id: string;
  readonly type: DeviceType;
  /** Masked address of an SMS, email or voice device. */
  readonly target?: string | undefined;
  /** Model of a mobile device. */
  readonly name?: string | undefined;
  readonly nickname?: string | undefined;
  readonly role?: 'PRIMARY' | 'TRUSTED' | undefined;
  /** RFC 3339. */
  readonly enrollmentTime?: string | undefined;
  readonly applicationId?: string | undefined;
  readonly applicationVersion?: string | undefined;
  readonly osVersion?: string | undefined;
  readonly pushEnabled?: boolean | undefined;
  readonly otpEnabled?: boolean | undefined;
  /** False: selecting it leads back to DEVICE_SELECTION_REQUIRED. */
  readonly usable: boolean;
  /** Locked from the start, as after too many wrong codes: DEVICE_LOCKED. */
  readonly locked?: boolean | undefined;
  /** No push can be sent to it: PUSH_FAILED. */
  readonly unreachable?: boolean | undefined;
  /** A test device of PingOne (SMS, Email or Voice): it gets no message, its code comes back in the answer. */
  readonly testMode?: boolean | undefined;
  /** TOTP secret, base32 without padding (RFC 4648, RFC 6238); only with type TOTP. */
  readonly secret?: string | undefined;
}

/** The phone in the user's hand. */
export interface Phone {
  readonly platform: MobileDeviceType;
  readonly model: string;
  readonly osVersion: string;
  readonly applicationId: string;
  readonly applicationVersion: string;
  /** Id of the paired device that this phone is, or null if it was never paired. */
  readonly deviceId: string | null;
  readonly rooted: boolean;
}

/** What the user does in each situation; situations that do not occur are ignored. */
export interface Behaviour {
  readonly profile: ClientProfileName;
  readonly pairing?: { readonly result: 'pairs' | 'gives_up' | 'sdk_error'; readonly afterMs: number } | undefined;
  readonly push?: { readonly decision: 'approve' | 'deny' | 'ignore'; readonly afterMs: number } | undefined;
  /** After PUSH_CONFIRMATION_TIMED_OUT: ask for another push once, enter the app's code, or cancel. */
  readonly afterTimeout?: 'retry' | 'otp' | 'cancel' | undefined;
  /** Wrong codes before the right one, and the time before each entry. */
  readonly otp?: { readonly wrong: number; readonly afterMs: number } | undefined;
  /** Device ids in the order in which they are selected. */
  readonly select?: readonly string[] | undefined;
  /** Leaves the flow in this state: cancels it, abandons it, or returns after it has expired. */
  readonly leave?:
    { readonly at: FlowStatus; readonly how: 'cancel' | 'abandon' | 'outstay'; readonly afterMs: number } | undefined;
  /** The mobile payload of `authenticate` is from a failing SDK and must be refused. A rooted phone reports itself. */
  readonly payload?: 'broken' | undefined;
  /** The authorization code is redeemed a second time, which must be refused (RFC 6749 section 4.1.2). */
  readonly token?: 'replayed' | undefined;
  /** Time before the user acts, in states without a delay of their own. */
  readonly think?: Readonly<Partial<Record<ThinkState, number | undefined>>> | undefined;
}

/** States with a think time. */
export type ThinkState =
  'USERNAME_PASSWORD_REQUIRED' | 'AUTHENTICATION_REQUIRED' | 'DEVICE_SELECTION_REQUIRED' | 'MFA_COMPLETED';

/** Base32 of a TOTP secret (RFC 4648 section 6); an invalid one is not printed. */
const base32: Decoder<string> = (value, place) => {
  if (/^[A-Z2-7]+$/i.test(text(value, place))) return value as string;
  throw new DecodeError(`${place} is not base32; expected letters A to Z and digits 2 to 7, without padding`);
};

const names = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];
const delay = whole(0, 24 * 3_600_000);

/** Created when an inventory is read, not per virtual user: on k6 it costs 60 KiB each. */
const userDecoder = (): Decoder<InventoryUser> =>
  shape<InventoryUser>({
    username: text,
    password: text,
    firstName: text,
    lastName: text,
    status: oneOf('ACTIVE', 'LOCKED'),
    devices: listOf(
      shape<InventoryDevice>({
        id: text,
        type: oneOf(...DEVICE_TYPES),
        target: optional(text),
        name: optional(text),
        nickname: optional(text),
        role: optional(oneOf('PRIMARY', 'TRUSTED')),
        enrollmentTime: optional(text),
        applicationId: optional(text),
        applicationVersion: optional(text),
        osVersion: optional(text),
        pushEnabled: optional(flag),
        otpEnabled: optional(flag),
        usable: flag,
        locked: optional(flag),
        unreachable: optional(flag),
        testMode: optional(flag),
        secret: optional(base32),
      }),
    ),
    phone: nullable(
      shape<Phone>({
        platform: oneOf('iPhone', 'Android'),
        model: text,
        osVersion: text,
        applicationId: text,
        applicationVersion: text,
        deviceId: nullable(text),
        rooted: flag,
      }),
    ),
    kind: oneOf(...names(FLOW_KINDS)),
    prescribed: oneOf(...OUTCOMES),
    expects: optional(oneOf('nothing')),
    behaviour: shape<Behaviour>({
      profile: oneOf(...names(CLIENT_PROFILES)),
      pairing: optional(
        shape<NonNullable<Behaviour['pairing']>>({ result: oneOf('pairs', 'gives_up', 'sdk_error'), afterMs: delay }),
      ),
      push: optional(
        shape<NonNullable<Behaviour['push']>>({ decision: oneOf('approve', 'deny', 'ignore'), afterMs: delay }),
      ),
      afterTimeout: optional(oneOf('retry', 'otp', 'cancel')),
      otp: optional(shape<NonNullable<Behaviour['otp']>>({ wrong: whole(0, 10), afterMs: delay })),
      select: optional(listOf(text)),
      leave: optional(
        shape<NonNullable<Behaviour['leave']>>({
          at: oneOf(...FLOW_STATUSES),
          how: oneOf('cancel', 'abandon', 'outstay'),
          afterMs: delay,
        }),
      ),
      payload: optional(oneOf('broken')),
      token: optional(oneOf('replayed')),
      think: optional(
        shape<NonNullable<Behaviour['think']>>({
          USERNAME_PASSWORD_REQUIRED: optional(delay),
          AUTHENTICATION_REQUIRED: optional(delay),
          DEVICE_SELECTION_REQUIRED: optional(delay),
          MFA_COMPLETED: optional(delay),
        }),
      ),
    }),
    driver: optional(shape<DriverFields>({ handle: optional(text), payload: optional(text), otp: optional(text) })),
  });

function fileDecoder(): Decoder<Inventory> {
  const decodeUser = userDecoder();
  return shape<Inventory>({
    version: oneOf(1),
    generator: text,
    seed: whole(0, 0xffff_ffff),
    population: optional(text),
    users: listOf((value, place) => {
      const user = decodeUser(value, place);
      const allowed = PRESCRIBABLE[user.kind];
      if (allowed.includes(user.prescribed)) return user;
      throw new DecodeError(
        `${place}.prescribed is "${user.prescribed}"; ${user.kind} ends in one of ${allowed.join(', ')}`,
      );
    }),
  });
}

/**
 * Decodes an inventory file. `source` names it in messages. Throws a DecodeError that names the line (invalid JSON) or
 * the entry (invalid content).
 */
export function decodeInventory(json: string, source: string): Inventory {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new DecodeError(json.trim() === '' ? `${source} is empty` : `${source} is not JSON${lineOf(json, error)}`);
  }
  try {
    const inventory = fileDecoder()(value, '');
    if (inventory.users.length === 0) throw new DecodeError('users is empty; expected at least one user');
    return inventory;
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeError(`${source}: ${error.message}`);
    throw error;
  }
}

/** The line, if the host gives a position. The host's message is not used: it quotes text that may be a password. */
function lineOf(json: string, error: unknown): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? '' : ` (line ${json.slice(0, Number(position)).split('\n').length})`;
}

/** The inventory as a file, one user per line, so that diffs and errors are readable. */
export function encodeInventory(inventory: Inventory): string {
  const { users, ...head } = inventory;
  const open = JSON.stringify(head).slice(0, -1);
  return `${open},"users":[\n${users.map((user) => JSON.stringify(user)).join(',\n')}\n]}\n`;
}
