import type { Capability } from '../device/driver-capabilities.ts';
import type { InventoryDevice, InventoryUser } from '../../contract/inventory.ts';
import type { FlowKind } from '../../protocol/flow-kinds.ts';
import type { MessageLimits } from '../settings/safety.ts';

/** How a message reaches a person. SMS also covers voice calls and WhatsApp, which are billed alike. */
const CHANNELS = ['sms', 'email', 'push'] as const;
type Channel = (typeof CHANNELS)[number];
type Messages = Readonly<Record<Channel, number>>;

/** A limit that a run reaches: before this turn (number of a flow, from 0) all is well. */
export interface LimitReached {
  readonly turn: number;
  readonly setting: 'MAX_PER_USER' | 'MAX_SMS' | 'MAX_EMAIL' | 'MAX_PUSH';
}

/** What the users of a run ask of its surroundings. */
export interface Demands {
  /** Capabilities of the device driver, and the kinds whose flows need them, among the users that the plan plays. */
  readonly needs: Readonly<Partial<Record<Capability, readonly FlowKind[]>>>;
  /** Kinds of the whole inventory whose flows leave the account another than it was: whoever is played again, all were before. */
  readonly changing: readonly FlowKind[];
  /** Messages that the planned flows cause at most. */
  readonly messages: Messages;
  readonly limit: LimitReached | null;
  /** Kinds of the users whom the plan plays. */
  readonly kinds: readonly FlowKind[];
  /** One of them at least is judged by what is expected. */
  readonly judged: boolean;
}

/** The device on which a code is entered, as far as the inventory tells. */
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
  // Whether they will be asked for more nobody knows.
  if (expects === 'nothing') return needs;
  if (pairing?.result === 'pairs') needs.push('pair');
  if (pairing?.result === 'sdk_error') needs.push('fail_pairing');
  if (push !== undefined && push.decision !== 'ignore') needs.push('decide');
  const typed = otp !== undefined || afterTimeout === 'otp';
  if (typed && driver?.otp === undefined && codeDevice(user)?.secret === undefined) needs.push('code');
  return needs;
}

const NO_MESSAGE: readonly string[] = ['TOTP', 'OATH_TOKEN', 'iPhone', 'Android', 'FIDO2', 'SECURITY_KEY', 'PLATFORM'];

/** Messages that one flow of this user causes at most. */
function messagesOf(user: InventoryUser): Messages {
  const { push, otp, afterTimeout, leave } = user.behaviour;
  const pushed = push !== undefined || leave?.at === 'PUSH_CONFIRMATION_WAITING';
  const pushes = !pushed ? 0 : push?.decision === 'ignore' && afterTimeout === 'retry' ? 2 : 1;
  const messages = { sms: 0, email: 0, push: pushes };
  // Whoever expects nothing may have any device, unless a code is computed or fixed.
  if (user.expects === 'nothing' && user.devices.every(({ secret }) => secret === undefined) && !user.driver?.otp) {
    messages.sms = 1;
  }
  if (otp !== undefined || leave?.at === 'OTP_REQUIRED') {
    const type = codeDevice(user)?.type ?? 'SMS';
    if (type === 'Email') messages.email = 1;
    else if (!NO_MESSAGE.includes(type)) messages.sms = 1;
  }
  return messages;
}

/** True where a flow leaves the account another: a further device, or a lock. */
function changes({ behaviour, prescribed, expects }: InventoryUser): boolean {
  // Of whom nothing is expected nothing is changed.
  if (expects === 'nothing') return false;
  return behaviour.pairing?.result === 'pairs' || prescribed === 'otp_failed';
}

/** The same, where nobody said what the account is: whoever may pair may have paired. */
export function leavesChanged(user: InventoryUser): boolean {
  return changes(user) || (user.expects === 'nothing' && user.behaviour.pairing !== undefined);
}

/** First turn in which a list, played over and over, makes its sum exceed a limit; null: never. */
function turnBeyond(limit: number, values: readonly number[]): number | null {
  const whole = values.reduce((sum, value) => sum + value, 0);
  if (whole === 0) return null;
  const rounds = Math.floor(limit / whole);
  let rest = limit - rounds * whole;
  const at = values.findIndex((value) => (rest -= value) < 0);
  return rounds * values.length + at;
}

/** First turn in which a user gets more than the limit, when all are played in turn; null: never. */
function turnBeyondForOne(limit: number, values: readonly number[]): number | null {
  const most = values.reduce((found, value) => Math.max(found, value), 0);
  if (most === 0) return null;
  const rounds = Math.floor(limit / most);
  return rounds * values.length + values.findIndex((value) => (rounds + 1) * value > limit);
}

/** Sum of the first `turns` values of a list that is played over and over. */
function sumOf(values: readonly number[], turns: number): number {
  const whole = values.reduce((sum, value) => sum + value, 0);
  const part = values.slice(0, turns % values.length).reduce((sum, value) => sum + value, 0);
  return Math.floor(turns / values.length) * whole + part;
}

function kindsOf(users: readonly InventoryUser[]): FlowKind[] {
  return [...new Set(users.map(({ kind }) => kind))].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

/**
 * What users ask for when `turns` flows are played, the users in turn. Looks at every user: for init code, once a process.
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
