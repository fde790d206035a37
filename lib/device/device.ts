import type { InventoryUser } from '../../contract/inventory.ts';
import type { FlowResource } from '../../protocol/resources.ts';

/**
 * Result of a request to the device side. `error` is a code in capitals, or the host's error. `broken`: the driver
 * itself failed, so the outcome of the flow says nothing about people.
 */
export type DeviceAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string; readonly broken?: boolean };

/** The flow that a request to the device side belongs to. */
export interface DeviceFlow {
  readonly user: InventoryUser;
  /** Unique over runs; `state` of the authorization request. */
  readonly state: string;
  /** Number of the flow in the run, from 0; unique over all virtual users. */
  readonly turn: number;
}

/** A pairing that the flow asks for. `fail`: as if the SDK were broken. */
interface Pairing {
  readonly serverPayload: string;
  readonly fail: boolean;
}

/**
 * The user's phone and its SDK, behind one interface that each driver implements (drivers.ts). A driver answers
 * NOT_SUPPORTED to what it cannot do.
 */
export interface Device {
  /** The SDK's payload for `authenticate`; opaque to the flow's client. */
  readonly payload: (flow: DeviceFlow) => Promise<DeviceAnswer<string>>;
  /** Pairs the phone. A pairing that was meant to fail and did is `ok`. */
  readonly pair: (flow: DeviceFlow, pairing: Pairing) => Promise<DeviceAnswer<unknown>>;
  /** Answers the push pending on a device. */
  readonly decide: (flow: DeviceFlow, deviceId: string, decision: 'approve' | 'deny') => Promise<DeviceAnswer<unknown>>;
  /** The newest code sent to a device. `shown`: the answer that asks for it. */
  readonly code: (flow: DeviceFlow, deviceId: string, shown: FlowResource) => Promise<DeviceAnswer<string>>;
  /** Resets the user's account to its state before the run. */
  readonly reset: (flow: DeviceFlow) => Promise<DeviceAnswer<unknown>>;
}

/** A driver that can do nothing; the base of those that can do some things. */
export const NO_DEVICE: Device = (() => {
  const refuse = (): Promise<DeviceAnswer<never>> => Promise.resolve({ ok: false, error: 'NOT_SUPPORTED' });
  return { payload: refuse, pair: refuse, decide: refuse, code: refuse, reset: refuse };
})();
