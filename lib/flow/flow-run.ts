import { act } from './client.ts';
import type { InventoryUser } from '../../contract/inventory.ts';
import type { Outcome } from '../../catalogue/outcomes.ts';
import type { ClientProfile } from '../../protocol/client-profiles.ts';
import type { FlowResource } from '../../protocol/resources.ts';
import type { Device, DeviceFlow } from '../device/device.ts';
import type { HumanTime } from '../think-time.ts';
import type { PlayedSettings } from '../played-plan.ts';
import type { FlowAnswer } from './answer.ts';
import type { FlowClient } from './flow-client.ts';
import { endingAt } from './ending.ts';
import type { Ending } from './ending.ts';

/** How a user came through: an approved push, a correct code, or only the payload of a paired phone. */
type Factor = 'push' | 'otp' | 'payload';

/** One flow being played: who plays it, with what, and the journey's progress. */
export interface FlowRun extends DeviceFlow {
  readonly user: InventoryUser;
  readonly client: FlowClient;
  readonly profile: ClientProfile;
  /** Unix milliseconds at which the user gives up. */
  readonly deadline: number;
  readonly settings: PlayedSettings;
  readonly device: Device;
  readonly time: HumanTime;
  /** Unique in the run; `state` of the authorization request. */
  readonly state: string;
  /** PKCE code verifier; undefined without PKCE. */
  readonly verifier: string | undefined;
  /** The SDK's payload for `authenticate`; undefined before it was made, or without a phone. */
  mobilePayload: string | undefined;
  /** Server time before `authenticate`, in milliseconds: where pairing_duration begins. */
  machineMsAtAuthenticate: number;
  pairingReached: boolean;
  /** Devices selected so far. */
  selections: number;
  /** True once another push was requested. */
  pushRetried: boolean;
  /** Error of the device driver, if it failed. */
  driverFailure: string | undefined;
  /** No outcome is expected: the user's kind is unknown, or an earlier flow used it up. */
  readonly open: boolean;
  /** The last state seen. */
  at: string;
  /** States seen, in order, with repeats; without a custom first factor. */
  readonly seen: string[];
  /** How the user came through, so far. */
  factor: Factor | undefined;
  /** The last failure of the phone, as `DEVICE_LIMIT at pair`. */
  phoneTrouble: string | undefined;
  /** The last state from which the user turned away. */
  turnedFrom: string | undefined;
  /** Actions tried in order to turn away. */
  readonly turned: string[];
  /** True once the behaviour's `leave` was played. */
  left: boolean;
}

/** True if the flow missed its expected outcome because the device driver failed. */
export function isDriversFault({ driverFailure, user }: FlowRun, outcome: Outcome): boolean {
  return driverFailure !== undefined && outcome !== user.prescribed;
}

/** Result of a handler: the next flow resource, or the end. */
export type Step = { readonly flow: FlowResource } | Ending;

/** Does what the user does in one state, and returns the next flow resource. */
export type Handler = (run: FlowRun, flow: FlowResource) => Promise<Step>;

/** The next step for an answer: follow the flow, or end at an unexpected error. */
export function follow(answer: FlowAnswer): Step {
  return answer.is === 'flow' ? answer : endingAt(answer);
}

/** The mobile payload as a field of an action, if the client sends it along. */
export function payloadWith({ profile, mobilePayload }: FlowRun, action: 'selectDevice' | 'checkOtp'): object {
  return profile.payloadWith.includes(action) ? { mobilePayload } : {};
}

/** Selects a device, as the client does. */
export function choose(run: FlowRun, id: string): Promise<FlowAnswer> {
  return act(run.client, 'selectDevice', { deviceRef: { id }, ...payloadWith(run, 'selectDevice') });
}

/**
 * Cancels the flow for a cause. The ending is that cause unless cancelling itself fails. The flow counts as cancelled
 * even if a policy goes on with a state other than FAILED.
 */
export async function cancel(run: FlowRun, because: Ending): Promise<Ending> {
  const answer = await act(run.client, 'cancelAuthentication', {});
  return answer.is === 'gone' || answer.is === 'flow' ? because : endingAt(answer);
}
