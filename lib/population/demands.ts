import type { Capability } from '../device/driver-capabilities.ts';
import type { InventoryDevice, InventoryUser } from '../../contract/inventory.ts';
import type { FlowKind } from '../../protocol/flow-kinds.ts';
import type { MessageLimits } from '../settings/safety.ts';

/** How a message reaches a person. SMS includes voice calls and WhatsApp, which are billed alike. */
const CHANNELS = ['sms', 'email', 'push'] as const;
type Channel = (typeof CHANNELS)[number];
type Messages = Readonly<Record<Channel, number>>;

/** A limit that a run reaches. The flow with number `turn`, from 0, would exceed it. */
export interface LimitReached {
  readonly turn: number;
  readonly setting: 'MAX_PER_USER' | 'MAX_SMS' | 'MAX_EMAIL' | 'MAX_PUSH';
}

/** What the users of a run require of its environment. */
export interface Demands {
  /** Required capabilities of the device driver, and the kinds that need them, among the planned users. */
  readonly needs: Readonly<Partial<Record<Capability, readonly FlowKind[]>>>;
  /** Kinds whose flows change the account, in the whole inventory: before a user is replayed, all were played. */
  readonly changing: readonly FlowKind[];
  /** Maximum number of messages that the planned flows cause. */
  readonly messages: Messages;
  readonly limit: LimitReached | null;
  /** Kinds of the planned users. */
  readonly kinds: readonly FlowKind[];
  /** Whether at least one of them has an expected outcome. */
  readonly judged: boolean;
}

/** The device on which a code is entered, as far as the inventory says. */
function codeDevice({ behaviour, devices }: InventoryUser): InventoryDevice | undefined {
  const { select } = behaviour;
  const id = select?.[select.length - 1];
  return id === undefined ? devices[0] : devices.find((device) => device.id === id);
}

function needsOf(user: InventoryUser): Capability[] {
  const { behaviour, driver, phone, expects } = user;
  const { pairing, push, otp, leave, afterTimeout } = behaviour;
  const needs: Capability[] = [];
  if (phone !== null && driver?.payload === undefined && leave?.at !== 'AUTHENTICATION_REQUIRED') needs.push('payload');
  // What else they will be asked for is unknown.
  if (expects === 'nothing') return needs;
  if (pairing?.result === 'pairs') needs.push('pair');
  if (pairing?.result === 'sdk_error') needs.push('fail_pairing');
  if (push !== undefined && push.decision !== 'ignore') needs.push('decide');
  const typed = otp !== undefined || afterTimeout === 'otp';
  if (typed && driver?.otp === undefined && codeDevice(user)?.secret === undefined) needs.push('code');
  return needs;
}

const NO_MESSAGE: readonly string[] = ['TOTP', 'OATH_TOKEN', 'iPhone', 'Android', 'FIDO2', 'SECURITY_KEY', 'PLATFORM'];

/** Maximum number of messages that one flow of this user causes. */
function messagesOf(user: InventoryUser): Messages {
  const { push, otp, afterTimeout, leave } = user.behaviour;
  const pushed = push !== undefined || leave?.at === 'PUSH_CONFIRMATION_WAITING';
  const pushes = !pushed ? 0 : push?.decision === 'ignore' && afterTimeout === 'retry' ? 2 : 1;
  const messages = { sms: 0, email: 0, push: pushes };
  // A user without an expected outcome may have any device, unless a code is computed or fixed.
  if (user.expects === 'nothing' && user.devices.every(({ secret }) => secret === undefined) && !user.driver?.otp) {
    messages.sms = 1;
  }
  const device = codeDevice(user);
  // A test device gets no message: its code is in the answer.
  if ((otp !== undefined || leave?.at === 'OTP_REQUIRED') && device?.testMode !== true) {
    const type = device?.type ?? 'SMS';
    if (type === 'Email') messages.email = 1;
    else if (!NO_MESSAGE.includes(type)) messages.sms = 1;
  }
  return messages;
}

/** Whether a flow changes the account: another device, or a lock. */
function changes({ behaviour, prescribed, expects }: InventoryUser): boolean {
  // Unknown, so not assumed.
  if (expects === 'nothing') return false;
  return behaviour.pairing?.result === 'pairs' || prescribed === 'otp_failed';
}

/** Like `changes`, but for an unknown account assumes that a user who may pair has paired. */
export function leavesChanged(user: InventoryUser): boolean {
  return changes(user) || (user.expects === 'nothing' && user.behaviour.pairing !== undefined);
}

/** First turn at which the running sum of a cyclic list exceeds a limit; null: never. */
function turnBeyond(limit: number, values: readonly number[]): number | null {
  const whole = values.reduce((sum, value) => sum + value, 0);
  if (whole === 0) return null;
  const rounds = Math.floor(limit / whole);
  let rest = limit - rounds * whole;
  const at = values.findIndex((value) => (rest -= value) < 0);
  return rounds * values.length + at;
}

/** First turn at which one user exceeds the limit, with users in turn; null: never. */
function turnBeyondForOne(limit: number, values: readonly number[]): number | null {
  const most = values.reduce((found, value) => Math.max(found, value), 0);
  if (most === 0) return null;
  const rounds = Math.floor(limit / most);
  return rounds * values.length + values.findIndex((value) => (rounds + 1) * value > limit);
}

/** Sum of the first `turns` values of a cyclic list. */
function sumOf(values: readonly number[], turns: number): number {
  const whole = values.reduce((sum, value) => sum + value, 0);
  const part = values.slice(0, turns % values.length).reduce((sum, value) => sum + value, 0);
  return Math.floor(turns / values.length) * whole + part;
}

function kindsOf(users: readonly InventoryUser[]): FlowKind[] {
  return [...new Set(users.map(({ kind }) => kind))].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

/**
 * Demands of `turns` flows, users in turn. Iterates over all users: for init code, once per process.
 */
export function demandsOf(users: readonly InventoryUser[], turns: number, limits: MessageLimits): Demands {
  const played = users.slice(0, turns);
  const needs: Partial<Record<Capability, FlowKind[]>> = {};
  const needy: Partial<Record<Capability, InventoryUser[]>> = {};
  for (const user of played) for (const need of needsOf(user)) (needy[need] ??= []).push(user);
  for (const need of Object.keys(needy) as Capability[]) needs[need] = kindsOf(needy[need]!);
  const each = users.map(messagesOf);
  const of = (channel: Channel): number[] => each.map((messages) => messages[channel]);
  const reached: LimitReached[] = [];
  for (const channel of CHANNELS) {
    const all = turnBeyond(limits[channel], of(channel));
    const one = turnBeyondForOne(limits.perUser, of(channel));
    if (all !== null) reached.push({ turn: all, setting: `MAX_${channel.toUpperCase() as Uppercase<Channel>}` });
    if (one !== null) reached.push({ turn: one, setting: 'MAX_PER_USER' });
  }
  const first = reached.reduce<LimitReached | null>(
    (best, one) => (best !== null && best.turn <= one.turn ? best : one),
    null,
  );
  return {
    needs,
    changing: kindsOf(users.filter(changes)),
    messages: { sms: sumOf(of('sms'), turns), email: sumOf(of('email'), turns), push: sumOf(of('push'), turns) },
    limit: first,
    kinds: kindsOf(played),
    judged: played.some(({ expects }) => expects !== 'nothing'),
  };
}
