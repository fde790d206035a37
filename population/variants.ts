import type { Behaviour } from '../contract/inventory.ts';
import type { Outcome } from '../contract/outcomes.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { DeviceNeed } from './devices.ts';

/** One way in which a flow of a kind can go: what the user has, what the user does, and what must come of it. */
export interface Variant {
  readonly kind: FlowKind;
  /** What sets it apart from the other variants of its kind. */
  readonly name: string;
  /** Users per thousand. The shares of all variants sum to 1,000. */
  readonly share: number;
  /** Devices paired before the run; the first is the primary one. */
  readonly devices: readonly DeviceNeed[];
  /** The phone in the user's hand: the first mobile one of `devices`, one that is not paired, or none (no payload). */
  readonly phone: 'paired' | 'new' | 'none';
  readonly status?: 'LOCKED';
  readonly behaviour: VariantBehaviour;
  readonly prescribed: Outcome;
}

/** A behaviour without its delays and device ids, which are drawn for each user. */
export interface VariantBehaviour {
  readonly pairing?: NonNullable<Behaviour['pairing']>['result'];
  readonly push?: NonNullable<Behaviour['push']>['decision'];
  readonly afterTimeout?: NonNullable<Behaviour['afterTimeout']>;
  /** Wrong codes before the right one; `late`: the code has expired when it is entered. */
  readonly otp?: { readonly wrong: number; readonly late?: true };
  /** Places in `devices`, in the order of selection. */
  readonly select?: readonly number[];
  readonly leave?: Pick<NonNullable<Behaviour['leave']>, 'at' | 'how'>;
}

const PAIRS = { pairing: 'pairs' } as const;
const GIVES_UP = { pairing: 'gives_up' } as const;
const SDK_ERROR = { pairing: 'sdk_error' } as const;
const APPROVES = { push: 'approve' } as const;
const DENIES = { push: 'deny' } as const;
const IGNORES = { push: 'ignore', afterTimeout: 'cancel' } as const;
const RIGHT_CODE = { otp: { wrong: 0 } } as const;
const WRONG_TO_THE_LIMIT = { otp: { wrong: 3 } } as const;
const LATE_CODE = { otp: { wrong: 0, late: true } } as const;
const SEVERAL = ['push', 'sms', 'totp'] as const;

type Row = readonly [
  kind: FlowKind,
  name: string,
  share: number,
  devices: readonly DeviceNeed[],
  phone: Variant['phone'],
  behaviour: VariantBehaviour,
  prescribed: Outcome,
  status?: 'LOCKED',
];

/**
 * The table. Which outcome follows is decided by the rules of protocol.md section 5: a new phone is paired after MFA, a
 * paired one gets its own push, no phone means no payload and so nothing to pair. F15 needs a browser and is not drawn.
 */
const ROWS: readonly Row[] = [
  ['F1', 'pairs', 181, [], 'new', PAIRS, 'device_paired'],
  ['F2', 'gives up pairing', 30, [], 'new', GIVES_UP, 'device_not_paired'],
  ['F3', 'SDK error while pairing', 30, [], 'new', SDK_ERROR, 'pairing_error'],

  ['F4', 'approves, then pairs the new phone', 120, ['push'], 'new', { ...APPROVES, ...PAIRS }, 'device_paired'],
  ['F4', 'approves, then gives up pairing', 20, ['push'], 'new', { ...APPROVES, ...GIVES_UP }, 'device_not_paired'],
  ['F4', 'approves, then SDK error', 15, ['push'], 'new', { ...APPROVES, ...SDK_ERROR }, 'pairing_error'],
  ['F4', 'approves, no payload', 60, ['push'], 'none', APPROVES, 'authenticated'],

  ['F5', 'denies, no payload', 15, ['push'], 'none', DENIES, 'denied'],
  ['F5', 'denies, new phone', 15, ['push'], 'new', DENIES, 'denied'],

  ['F6', 'ignores, then cancels', 10, ['push'], 'new', IGNORES, 'timed_out'],
  ['F6', 'ignores twice, then cancels', 5, ['push'], 'none', { ...IGNORES, afterTimeout: 'retry' }, 'timed_out'],
  [
    'F6',
    "ignores, then enters the app's code",
    10,
    ['push_and_code'],
    'paired',
    { ...IGNORES, afterTimeout: 'otp', ...RIGHT_CODE },
    'authenticated',
  ],

  ['F7', 'SMS, right at once', 50, ['sms'], 'none', RIGHT_CODE, 'authenticated'],
  ['F7', 'email, wrong then right', 30, ['email'], 'none', { otp: { wrong: 1 } }, 'authenticated'],
  ['F7', 'voice, right at once', 10, ['voice'], 'none', RIGHT_CODE, 'authenticated'],
  ['F7', "the app's code, right at once", 10, ['code'], 'none', RIGHT_CODE, 'authenticated'],
  ['F7', 'TOTP, right at once', 40, ['totp'], 'none', RIGHT_CODE, 'authenticated'],
  ['F7', 'TOTP, twice wrong then right', 5, ['totp'], 'none', { otp: { wrong: 2 } }, 'authenticated'],
  ['F7', 'SMS, wrong to the limit', 10, ['sms'], 'none', WRONG_TO_THE_LIMIT, 'otp_failed'],
  ['F7', 'TOTP, wrong to the limit', 5, ['totp'], 'none', WRONG_TO_THE_LIMIT, 'otp_failed'],
  ['F7', 'SMS, code expired', 5, ['sms'], 'none', LATE_CODE, 'otp_failed'],
  ['F7', 'email, code expired', 5, ['email'], 'none', LATE_CODE, 'otp_failed'],
  ['F7', 'SMS, then pairs the new phone', 30, ['sms'], 'new', { ...RIGHT_CODE, ...PAIRS }, 'device_paired'],
  ['F7', 'email, then gives up pairing', 5, ['email'], 'new', { ...RIGHT_CODE, ...GIVES_UP }, 'device_not_paired'],
  ['F7', 'TOTP, then SDK error', 5, ['totp'], 'new', { ...RIGHT_CODE, ...SDK_ERROR }, 'pairing_error'],

  ['F8', 'selects push, approves', 30, SEVERAL, 'none', { select: [0], ...APPROVES }, 'authenticated'],
  ['F8', 'selects SMS', 20, SEVERAL, 'none', { select: [1], ...RIGHT_CODE }, 'authenticated'],
  ['F8', 'selects TOTP', 20, SEVERAL, 'none', { select: [2], ...RIGHT_CODE }, 'authenticated'],
  [
    'F8',
    'selects push, approves, then pairs the new phone',
    20,
    ['push', 'sms', 'email', 'totp'],
    'new',
    { select: [0], ...APPROVES, ...PAIRS },
    'device_paired',
  ],
  [
    'F8',
    'selects SMS, then gives up pairing',
    5,
    SEVERAL,
    'new',
    { select: [1], ...RIGHT_CODE, ...GIVES_UP },
    'device_not_paired',
  ],
  [
    'F8',
    'selects TOTP, then SDK error',
    5,
    SEVERAL,
    'new',
    { select: [2], ...RIGHT_CODE, ...SDK_ERROR },
    'pairing_error',
  ],
  ['F8', 'selects push, denies', 5, SEVERAL, 'none', { select: [0], ...DENIES }, 'denied'],
  ['F8', 'selects push, ignores', 5, SEVERAL, 'none', { select: [0], ...IGNORES }, 'timed_out'],
  ['F8', 'selects SMS, wrong to the limit', 5, SEVERAL, 'none', { select: [1], ...WRONG_TO_THE_LIMIT }, 'otp_failed'],

  [
    'F9',
    'selects an unusable phone, then a usable one',
    10,
    ['push_unusable', 'push', 'sms'],
    'none',
    { select: [0, 1], ...APPROVES },
    'authenticated',
  ],
  [
    'F9',
    'selects an unusable SMS, then TOTP',
    5,
    ['push', 'sms_unusable', 'totp'],
    'none',
    { select: [1, 2], ...RIGHT_CODE },
    'authenticated',
  ],

  ['F10', 'approves on the only device', 80, ['push'], 'paired', APPROVES, 'authenticated'],
  ['F10', 'approves on one of several devices', 20, ['push', 'sms'], 'paired', APPROVES, 'authenticated'],

  ['F11', 'cancels before MFA', 5, [], 'new', leaves('AUTHENTICATION_REQUIRED', 'cancel'), 'cancelled'],
  ['F11', 'cancels a push', 5, ['push'], 'none', leaves('PUSH_CONFIRMATION_WAITING', 'cancel'), 'cancelled'],
  ['F11', 'cancels a passcode', 5, ['sms'], 'none', leaves('OTP_REQUIRED', 'cancel'), 'cancelled'],
  ['F11', 'cancels a selection', 5, SEVERAL, 'none', leaves('DEVICE_SELECTION_REQUIRED', 'cancel'), 'cancelled'],
  ['F11', 'cancels pairing', 5, [], 'new', leaves('MOBILE_PAIRING_REQUIRED', 'cancel'), 'cancelled'],

  ['F12', 'locked user', 3, ['push'], 'none', {}, 'mfa_failed', 'LOCKED'],
  ['F12', 'no usable device', 4, ['push_unusable', 'sms_unusable'], 'new', {}, 'mfa_failed'],
  ['F12', 'no device, no payload', 3, [], 'none', {}, 'mfa_failed'],

  ['F13', 'outstays before MFA', 3, [], 'new', leaves('AUTHENTICATION_REQUIRED', 'outstay'), 'expired'],
  ['F13', 'outstays a passcode', 3, ['email'], 'none', leaves('OTP_REQUIRED', 'outstay'), 'expired'],

  ['F14', 'abandons a push', 4, ['push'], 'paired', leaves('PUSH_CONFIRMATION_WAITING', 'abandon'), 'abandoned'],
  ['F14', 'abandons pairing', 4, [], 'new', leaves('MOBILE_PAIRING_REQUIRED', 'abandon'), 'abandoned'],
];

function leaves(
  at: NonNullable<Behaviour['leave']>['at'],
  how: NonNullable<Behaviour['leave']>['how'],
): VariantBehaviour {
  return { leave: { at, how } };
}

/** Every variant, by kind. */
export const VARIANTS: readonly Variant[] = ROWS.map(
  ([kind, name, share, devices, phone, behaviour, prescribed, status]) => ({
    kind,
    name,
    share,
    devices,
    phone,
    behaviour,
    prescribed,
    ...(status && { status }),
  }),
);

/** How many users the first block of an inventory has: one of each variant. */
export const VARIANT_COUNT = VARIANTS.length;
