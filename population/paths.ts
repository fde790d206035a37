import type { Outcome } from '../catalogue/outcomes.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { FlowStatus } from '../protocol/statuses.ts';
import { DEFAULT_DELAYS, OUTSTAYING_MS } from './delays.ts';
import type { DeviceNeed } from './devices.ts';
import { CHOICES } from './population-file.ts';
import type {
  Group,
  PairingResult,
  PayloadQuality,
  PopulationFile,
  Shares,
  ThinkTimeState,
} from './population-file.ts';
import type { Variant, VariantBehaviour } from './variants.ts';

/** Shares below this are rounding errors. */
const NOBODY = 1e-9;

const OF_LEAVING = {
  cancel: ['F11', 'cancelled'],
  abandon: ['F14', 'abandoned'],
  outstay: ['F13', 'expired'],
} as const satisfies Record<string, readonly [FlowKind, Outcome]>;

const OF_PAIRING: Readonly<Record<PairingResult, Outcome>> = {
  pairs: 'device_paired',
  gives_up: 'device_not_paired',
  sdk_error: 'pairing_error',
};
const FIRST_PAIRING: Readonly<Record<PairingResult, FlowKind>> = { pairs: 'F1', gives_up: 'F2', sdk_error: 'F3' };

/** Devices that take a push. */
export const PUSH_NEEDS: readonly DeviceNeed[] = ['push', 'push_and_code'];
/** Devices that get a code sent, which expires. */
const SENT_CODES: readonly DeviceNeed[] = ['sms', 'voice', 'email'];
/** Devices that lead back to device selection when selected. */
export const UNUSABLE: readonly DeviceNeed[] = ['push_unusable', 'sms_unusable'];

/** Users of a group who have made the same choices so far. */
interface Path {
  readonly share: number;
  readonly clients: Shares<'android' | 'ios' | 'browser'>;
  readonly behaviour: VariantBehaviour;
  readonly words: readonly string[];
  readonly states: readonly FlowStatus[];
}

/** Result of walking a group: its variants, and its author's mistakes. */
export interface Walk {
  readonly variants: readonly Variant[];
  /** Keys of the group that no path uses. */
  readonly unused: readonly string[];
  /** Keys that a path needs and the group lacks, with the state. */
  readonly missing: ReadonlyMap<string, FlowStatus>;
  /** Options that the device cannot play, and why. */
  readonly impossible: ReadonlyMap<string, string>;
}

type Then = (path: Path) => void;
type ChoiceName = (typeof CHOICES)[number];

/**
 * Walks all paths that flows of a group can take through the server's states (protocol.md section 5): a new phone is
 * paired after MFA, a paired one gets the push itself, and without a phone there is no payload and nothing to pair.
 * Each path yields a flow kind and an outcome; shares multiply.
 */
export function walk(group: Group, file: PopulationFile): Walk {
  const variants: Variant[] = [];
  const used = new Set<string>();
  const missing = new Map<string, FlowStatus>();
  const impossible = new Map<string, string>();
  const leaving = group.leave ?? file.leave ?? [];
  const think = { ...file.think, ...group.think };
  const delays = {
    push: group.push?.delay ?? file.delays?.push ?? DEFAULT_DELAYS.push,
    pairing: group.pairing?.delay ?? file.delays?.pairing ?? DEFAULT_DELAYS.pairing,
    otp: group.otp?.delay ?? file.delays?.otp ?? DEFAULT_DELAYS.otp,
    expiredOtp: group.otp?.expiredDelay ?? file.delays?.expiredOtp ?? DEFAULT_DELAYS.expiredOtp,
    leave: file.delays?.leave ?? DEFAULT_DELAYS.leave,
  };
  const newPhone = group.phone === 'new';

  function end(kind: FlowKind, prescribed: Outcome, path: Path): void {
    const { share, clients, behaviour, words, states } = path;
    const acting = Object.entries(think).filter(
      ([state]) => states.includes(state as FlowStatus) && behaviour.leave?.at !== state,
    );
    variants.push({
      group,
      name: [group.name, ...words].join(', '),
      share,
      kind,
      prescribed,
      clients,
      behaviour,
      delays,
      think: Object.fromEntries(acting),
    });
  }

  /** Users who leave in a state end there; the rest go on. */
  function enter(state: FlowStatus, path: Path, stay: Then): void {
    if (group.think?.[state as ThinkTimeState] !== undefined) used.add(`think.${state}`);
    const here = { ...path, states: [...path.states, state] };
    let stays = 1;
    for (const [place, { at, how, share, delay }] of leaving.entries()) {
      if (at !== state) continue;
      used.add(`leave[${place}]`);
      stays -= share;
      const [kind, prescribed] = OF_LEAVING[how];
      const own = how === 'outstay' ? ({ distribution: 'fixed', ms: OUTSTAYING_MS } as const) : delays.leave;
      const leave = { at, how, delay: delay ?? own };
      if (share > 0) {
        end(kind, prescribed, {
          ...here,
          share: path.share * share,
          behaviour: { ...path.behaviour, leave },
          words: share === 1 ? path.words : [...path.words, `${how}s in ${at}`],
        });
      }
    }
    if (stays > NOBODY) stay(stays === 1 ? here : { ...here, share: path.share * stays });
  }

  /** Splits a path by the options of a choice. `quiet`: the default option, which leaves no trace in the path. */
  function choose<T extends string>(
    name: ChoiceName,
    choice: { readonly shares: Shares<T> } | undefined,
    state: FlowStatus,
    path: Path,
    go: (option: T, path: Path) => void,
    quiet?: T,
  ): void {
    used.add(name);
    if (choice === undefined) {
      if (quiet === undefined) missing.set(name, state);
      else go(quiet, path);
      return;
    }
    for (const [option, share] of Object.entries(choice.shares) as [T, number][]) {
      if (share === 0) continue;
      if (option === quiet) go(option, { ...path, share: path.share * share });
      else {
        const words = Object.keys(choice.shares).length === 1 ? path.words : [...path.words, `${name} ${option}`];
        const behaviour: VariantBehaviour = { ...path.behaviour, [name]: option };
        go(option, { ...path, share: path.share * share, behaviour, words });
      }
    }
  }

  /** Redeems the code, once or twice. */
  function complete(kind: FlowKind, prescribed: Outcome, path: Path): void {
    const redeem = (use: 'once' | 'replayed', by: Path): void => end(kind, use === 'once' ? prescribed : 'refused', by);
    choose('token', group.token, 'COMPLETED', path, redeem, 'once');
  }

  function pairing(path: Path, kindOf: (result: PairingResult) => FlowKind): void {
    enter('MOBILE_PAIRING_REQUIRED', path, (here) =>
      choose('pairing', group.pairing, 'MOBILE_PAIRING_REQUIRED', here, (result, by) =>
        complete(kindOf(result), OF_PAIRING[result], by),
      ),
    );
  }

  function afterMfa(kind: FlowKind, path: Path): void {
    if (newPhone) pairing(path, () => kind);
    else enter('MFA_COMPLETED', path, (here) => complete(kind, 'authenticated', here));
  }

  function passcode(kind: FlowKind, state: FlowStatus, device: DeviceNeed, path: Path): void {
    choose('otp', group.otp, state, path, (entry, by) => {
      if (entry === 'expired' && !SENT_CODES.includes(device)) {
        impossible.set('otp.shares.expired', `the code of ${device} does not expire; it can only be wrong`);
      }
      if (entry === 'wrong_to_the_limit' || entry === 'expired') end(kind, 'otp_failed', by);
      else afterMfa(kind, by);
    });
  }

  /** Challenges a device; `selected`: the flow kind if the user selected the device. */
  function challenge(device: DeviceNeed, selected: FlowKind | undefined, own: boolean, path: Path): void {
    const isPush = PUSH_NEEDS.includes(device);
    const browser = 'browser' in path.clients ? 'F15' : 'F4';
    if (!isPush) enter('OTP_REQUIRED', path, (here) => passcode(selected ?? 'F7', 'OTP_REQUIRED', device, here));
    else
      enter('PUSH_CONFIRMATION_WAITING', path, (here) =>
        choose('push', group.push, 'PUSH_CONFIRMATION_WAITING', here, (decision, by) => {
          if (decision === 'approve') afterMfa(selected ?? (own ? 'F10' : browser), by);
          else if (decision === 'deny') end(selected ?? 'F5', 'denied', by);
          else lapse(selected ?? 'F6', device, by);
        }),
      );
  }

  function lapse(kind: FlowKind, device: DeviceNeed, path: Path): void {
    choose('afterTimeout', group.afterTimeout, 'PUSH_CONFIRMATION_TIMED_OUT', path, (then, by) => {
      if (then === 'otp' && device !== 'push_and_code') {
        impossible.set('afterTimeout.shares.otp', `the app of ${device} shows no code; write push_and_code in devices`);
      }
      if (then === 'otp') passcode(kind, 'PUSH_CONFIRMATION_TIMED_OUT', device, by);
      else end(kind, 'timed_out', by);
    });
  }

  function selection(select: readonly number[] | undefined, path: Path): void {
    used.add('select');
    if (select === undefined) missing.set('select', 'DEVICE_SELECTION_REQUIRED');
    const devices = (select ?? []).map((place) => group.devices[place]);
    const chosen = devices.findIndex((device) => device !== undefined && !UNUSABLE.includes(device));
    const selects: Path = { ...path, behaviour: { ...path.behaviour, selects: true } };
    if (chosen >= 0) challenge(devices[chosen]!, chosen > 0 ? 'F9' : 'F8', false, selects);
  }

  function authenticated(path: Path): void {
    const { devices, phone, account, select } = group;
    const [only] = devices;
    const own = phone === 'paired' ? devices.find((device) => PUSH_NEEDS.includes(device)) : undefined;
    if (account === 'LOCKED' || (only === undefined && !newPhone)) end('F12', 'mfa_failed', path);
    else if (only === undefined) pairing(path, (result) => FIRST_PAIRING[result]);
    else if (devices.every((device) => UNUSABLE.includes(device))) end('F12', 'mfa_failed', path);
    else if (own !== undefined) challenge(own, undefined, true, path);
    else if (devices.length === 1) challenge(only, undefined, false, path);
    else enter('DEVICE_SELECTION_REQUIRED', path, (here) => selection(select, here));
  }

  const attempted = kindAttempted(group);
  const payload: (quality: PayloadQuality, path: Path) => void = (quality, by) =>
    quality === 'good' ? authenticated(by) : end(attempted, 'refused', by);
  const begin = (clients: Path['clients'], share: number): void =>
    enter('USERNAME_PASSWORD_REQUIRED', { share, clients, behaviour: {}, words: [], states: [] }, (first) =>
      enter('AUTHENTICATION_REQUIRED', first, (here) => {
        if (group.phone === 'none') authenticated(here);
        else choose('payload', group.payload, 'AUTHENTICATION_REQUIRED', here, payload, 'good');
      }),
    );

  const { browser = 0, ...apps } = group.clients ?? file.clients ?? { android: 0.5, ios: 0.5 };
  if (browser < 1) begin(apps, group.share * (1 - browser));
  if (browser > 0) begin({ browser: 1 }, group.share * browser);

  const said = [...CHOICES, 'select' as const].filter((name) => group[name] !== undefined) as string[];
  said.push(...Object.keys(group.think ?? {}).map((state) => `think.${state}`));
  said.push(...(group.leave ?? []).map((_, place) => `leave[${place}]`));
  return { variants, unused: said.filter((name) => !used.has(name)), missing, impossible };
}

/** The flow kind that a group would have played had its payload not been refused. */
function kindAttempted({ devices, phone, select }: Group): FlowKind {
  const [only] = devices;
  if (only === undefined) return 'F1';
  if (phone === 'paired') return 'F10';
  if (devices.length > 1) return UNUSABLE.includes(devices[select?.[0] ?? 0] ?? 'push') ? 'F9' : 'F8';
  return PUSH_NEEDS.includes(only) ? 'F4' : 'F7';
}
