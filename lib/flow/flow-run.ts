import type { InventoryUser } from '../../contract/inventory.ts';
import type { Outcome } from '../../catalogue/outcomes.ts';
import type { ClientProfile } from '../../protocol/client-profiles.ts';
import type { FlowResource } from '../../protocol/resources.ts';
import type { Device, DeviceFlow } from '../device/device.ts';
import type { HumanTime } from '../think-time.ts';
import type { Settings } from '../settings.ts';
import type { FlowAnswer } from './answer.ts';
import type { FlowClient } from './client.ts';
import { endingAt } from './ending.ts';
import type { Ending } from './ending.ts';

/** How a user came through: by a push that was shown and decided, by a right code, or by the payload of a paired phone alone. */
type Factor = 'push' | 'otp' | 'payload';

/** One flow as it is played: who plays it, with what, and what the journey has learnt so far. */
export interface FlowRun extends DeviceFlow {
  readonly user: InventoryUser;
  readonly client: FlowClient;
  /** Which client is played. */
  readonly profile: ClientProfile;
  /** Unix milliseconds at which the user gives up. */
  readonly deadline: number;
  readonly settings: Settings;
  readonly device: Device;
  readonly time: HumanTime;
  /** Unique in the run; `state` of the authorization request. */
  readonly state: string;
  /** PKCE code verifier; undefined without PKCE. */
  readonly verifier: string | undefined;
  /** What the SDK gave for `authenticate`; undefined: nothing yet, or there is no phone. */
  mobilePayload: string | undefined;
  /** Server time before `authenticate`, in milliseconds; where pairing_duration begins. */
  machineMsAtAuthenticate: number;
  pairingReached: boolean;
  /** Devices selected so far. */
  selections: number;
  /** True once another push was asked for. */
  pushRetried: boolean;
  /** What the device driver said when it failed, if it did. */
  driverFailure: string | undefined;
  /** Nothing is expected of this flow: its user's kind is not known, or was that of a flow before. */
  readonly open: boolean;
  /** State that was seen last. */
  at: string;
  /** States that were seen, in their order, each time anew; a first factor of the deployment's own is not among them. */
  readonly seen: string[];
  /** How the user came through, so far. */
  factor: Factor | undefined;
  /** What the phone could not do last, as `DEVICE_LIMIT at pair`. */
  phoneTrouble: string | undefined;
  /** The state from which the user turned away last, if there was one. */
  turnedFrom: string | undefined;
  /** What was done to turn away. */
  readonly turned: string[];
  /** True once the behaviour's `leave` was played. */
  left: boolean;
}

/** True if the flow missed its expected outcome because the device driver failed. */
export function isDriversFault({ driverFailure, user }: FlowRun, outcome: Outcome): boolean {
  return driverFailure !== undefined && outcome !== user.prescribed;
}

/** What a handler comes to: the next flow resource, or the end. */
export type Step = { readonly flow: FlowResource } | Ending;

/** Performs what the user does in one state: one measured action, then the next flow resource. */
export type Handler = (run: FlowRun, flow: FlowResource) => Promise<Step>;

/** The next step for an answer: follow the flow, or end at an error that nobody asked for. */
export function follow(answer: FlowAnswer): Step {
  return answer.is === 'flow' ? answer : endingAt(answer);
}

/** The mobile payload as a further field of an action, where the client sends one with it. */
export function payloadWith({ profile, mobilePayload }: FlowRun, action: 'selectDevice' | 'checkOtp'): object {
  return profile.payloadWith.includes(action) ? { mobilePayload } : {};
}

/** Selects a device, as the client does. */
export function select(run: FlowRun, id: string): Promise<FlowAnswer> {
  return run.client.act('selectDevice', { deviceRef: { id }, ...payloadWith(run, 'selectDevice') });
}

/**
 * Cancels the flow because of what happened; the ending is that cause unless the cancelling itself goes wrong. A policy may go
 * on with another state than FAILED: the flow is cancelled all the same.
 */
export async function cancel(run: FlowRun, because: Ending): Promise<Ending> {
  const answer = await run.client.act('cancelAuthentication', {});
  return answer.is === 'gone' || answer.is === 'flow' ? because : endingAt(answer);
}
