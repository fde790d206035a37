import http from 'k6/http';
import { DRY_RUN } from '../contract/command.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { InventoryUser } from '../contract/inventory.ts';
import { RUN_ID_SEPARATOR } from '../simulator/wire/admin-api.ts';
import { PHONE_PATHS } from '../simulator/wire/phone-api.ts';
import type { ResetRequest } from '../simulator/wire/phone-api.ts';
import { BRIDGE_PATHS, bridgeHeaders } from './device/bridge-api.ts';
import type { BridgeRequest } from './device/bridge-api.ts';
import { tidy } from './flow/words.ts';
import { jsonObject } from './json-object.ts';
import type { HttpAnswer } from './json-object.ts';
import { leavesChanged } from './population/demands.ts';
import type { Settings } from './settings.ts';

/** User names per request to the simulator's phone API. */
const BATCH = 1000;
/** Concurrent requests to a bridge. */
const IN_FLIGHT = 20;

const TAGS = { name: 'reset', peer: 'setup' };

/** Which accounts are reset, and by what. */
interface ResetPlan {
  readonly run: string;
  readonly settings: Settings;
  readonly device: string;
  /** The planned users, in the order of the inventory. */
  readonly users: ArrayLike<InventoryUser>;
  readonly planned: number;
}

/** Timeout in milliseconds for resetting this many accounts, from the timeout of a request. */
export function resetTimeoutMs({ driver, bridgeTimeoutMs }: Settings, planned: number): number {
  if (driver === 'simulated') return Math.ceil(planned / BATCH) * 10_000;
  return driver === 'bridge' ? Math.ceil(planned / IN_FLIGHT) * bridgeTimeoutMs : 0;
}

/** An error as a code or a status. */
function faultOf(res: HttpAnswer): string {
  const code = jsonObject(res)?.['code'];
  return typeof code === 'string' ? tidy(code) : res.error || `HTTP ${res.status}`;
}

const succeeded = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300;

async function bySimulator({ device, users, planned }: ResetPlan): Promise<number> {
  for (let from = 0; from < planned; from += BATCH) {
    const usernames: string[] = [];
    for (let at = from; at < Math.min(planned, from + BATCH); at++) usernames.push(users[at]!.username);
    const request: ResetRequest = { usernames };
    const res = await http.asyncRequest('POST', device + PHONE_PATHS.reset, JSON.stringify(request), {
      headers: { 'Content-Type': 'application/json' },
      tags: TAGS,
      redirects: 0,
      timeout: '10s',
      responseType: 'text',
    });
    if (succeeded(res)) continue;
    const fault = faultOf(res);
    throw new ConfigurationError(
      fault === 'UNKNOWN_USER'
        ? `PHONE_URL: the simulator at ${device} does not know the users of this INVENTORY; start it with the same one (pairstorm simulate --inventory FILE)`
        : `PHONE_URL: the phone API at ${device} did not reset the accounts (${fault})`,
    );
  }
  return planned;
}

async function byBridge({ run, settings, device, users, planned }: ResetPlan): Promise<number> {
  const { bridgeTimeoutMs: timeoutMs, bridgeToken: token } = settings;
  const params = {
    headers: { 'Content-Type': 'application/json', ...bridgeHeaders({ token }) },
    tags: TAGS,
    redirects: 0,
    timeout: timeoutMs,
    responseType: 'text',
  } as const;
  const numbers: number[] = [];
  for (let at = 0; at < planned; at++) if (leavesChanged(users[at]!)) numbers.push(at);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < numbers.length; at = next++) {
      const { username, phone, driver } = users[numbers[at]!]!;
      const request: BridgeRequest = {
        user: { username, handle: driver?.handle ?? null, phone },
        flow: `${run}${RUN_ID_SEPARATOR}setup-${numbers[at]!}`,
      };
      const res = await http.asyncRequest('POST', device + BRIDGE_PATHS.reset, JSON.stringify(request), params);
      if (succeeded(res)) continue;
      next = numbers.length;
      throw new ConfigurationError(
        `BRIDGE_URL: the bridge did not reset the account of user ${numbers[at]!} of INVENTORY (${faultOf(res)})`,
      );
    }
  };
  const workers: Promise<void>[] = [];
  for (let at = 0; at < Math.min(IN_FLIGHT, numbers.length); at++) workers.push(worker());
  await Promise.all(workers);
  return numbers.length;
}

/** Whether this process plays only a part of the run: other processes play the other users. */
function isPart(segment: unknown): boolean {
  return typeof segment === 'string' && !['', '1', '0:1'].includes(segment);
}

/**
 * Resets the accounts of the planned users to what the inventory says, before any load, because an earlier run may have
 * changed them. The simulator resets all, a bridge only those that a flow changes. Prints what was done. `segment`: the
 * option `executionSegment`. Throws a ConfigurationError.
 */
export async function resetAccounts(plan: ResetPlan, segment: unknown): Promise<void> {
  if ((__ENV[DRY_RUN] ?? '') !== '') return;
  if (isPart(segment)) {
    // The parts start independently: a reset by one could hit accounts in another's flows.
    console.log(
      'accounts: not reset, because this is one part of a run (executionSegment); reset them beforehand if they were changed',
    );
    return;
  }
  const simulated = plan.settings.driver === 'simulated';
  const n = await (simulated ? bySimulator(plan) : byBridge(plan));
  if (n === 0) return;
  const by = simulated ? "the simulator's phone API" : 'the bridge';
  console.log(`accounts reset: ${n} planned ${n === 1 ? 'user' : 'users'}, by ${by}`);
}
