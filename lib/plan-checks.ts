import { DRIVER_CAN } from './device/driver-capabilities.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { CAPABILITIES } from './device/driver-capabilities.ts';
import type { Capability } from './device/driver-capabilities.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { Demands } from './population/demands.ts';
import type { Settings } from './settings.ts';

/** What can be checked of a plan before any request. */
interface JudgedPlan {
  readonly settings: Settings;
  readonly demands: Demands;
  /** Planned flows, users in turn. */
  readonly turns: number;
  readonly users: number;
  /** Number of payloads of the file driver. */
  readonly payloads: number;
}

/** What a driver lacks for a plan, in one sentence with driver and kinds; undefined if nothing. */
export function lacking(driver: string, can: readonly Capability[], needs: Demands['needs']): string | undefined {
  const missing = (Object.keys(CAPABILITIES) as Capability[]).filter(
    (need) => needs[need] !== undefined && !can.includes(need),
  );
  if (missing.length === 0) return undefined;
  const list = missing.map((need) => `${CAPABILITIES[need]} (${kinds(needs[need]!)})`).join(', ');
  return `DEVICE_DRIVER=${driver} cannot ${list}; use a driver that can, or users whose flows do not need it`;
}

function kinds(list: readonly FlowKind[]): string {
  return list.join(', ');
}

/**
 * Rejects a plan whose driver lacks a capability, that replays users whose accounts nobody resets, that lacks payloads,
 * or that could exceed a limit on messages. Throws a ConfigurationError.
 */
export function checkPlan(plan: JudgedPlan): void {
  const { settings, demands, turns, users, payloads } = plan;
  const { driver, usersExhausted } = settings;
  const can = DRIVER_CAN[driver];
  const lacks = can === 'asks' ? undefined : lacking(driver, can, demands.needs);
  if (lacks !== undefined) throw new ConfigurationError(lacks);
  const again = usersExhausted === 'recycle' && turns > users;
  if (again && demands.changing.length > 0 && can !== 'asks' && !can.includes('reset')) {
    throw new ConfigurationError(cannotReset(driver, demands));
  }
  if (driver === 'file' && settings.payloadsUse === 'once' && demands.needs.payload !== undefined && turns > payloads) {
    throw new ConfigurationError(
      `PAYLOADS has ${payloads} payloads, and the run plans ${turns} flows that need one each; capture more, start fewer flows, or set PAYLOADS_USE=cycle`,
    );
  }
  const { limit, messages } = demands;
  if (driver !== 'simulated' && limit !== null && limit.turn < turns) {
    const { sms, email, push } = messages;
    throw new ConfigurationError(
      `${limit.setting} is ${limitOf(settings, limit.setting)}, which flow ${limit.turn + 1} of ${turns} would exceed; ` +
        `the run may cause ${sms} SMS, ${email} emails and ${push} pushes: start fewer flows, or raise ${limit.setting} if that is intended`,
    );
  }
}

/** Why users cannot be reused. */
export function cannotReset(driver: string, { changing }: Demands): string {
  return (
    `DEVICE_DRIVER=${driver} cannot ${CAPABILITIES.reset}, and flows of ${kinds(changing)} change accounts, ` +
    'so these users cannot be reused; set USERS_EXHAUSTED=stop, or add users'
  );
}

/** Value of the setting of a limit. */
function limitOf({ limits }: Settings, setting: NonNullable<Demands['limit']>['setting']): number {
  const values = { MAX_PER_USER: limits.perUser, MAX_SMS: limits.sms, MAX_EMAIL: limits.email, MAX_PUSH: limits.push };
  return values[setting];
}
