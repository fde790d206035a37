import type { InventoryUser } from '../../contract/inventory.ts';

/**
 * What a request to the device side came to. `error` is a code in capitals, or what the host said; `broken`: the driver itself
 * failed, so that what becomes of the flow says nothing of people.
 */
export type DeviceAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string; readonly broken?: boolean };

/** The flow for which the device side is asked. */
export interface DeviceFlow {
  readonly user: InventoryUser;
  /** Unique over runs; `state` of the authorization request. */
  readonly state: string;
  /** Number of the flow in the run, from 0: no other flow of any virtual user has it. */
  readonly turn: number;
}

/** A pairing that the flow asks for; `fail`: as if the SDK were broken. */
interface Pairing {
  readonly serverPayload: string;
  readonly fail: boolean;
}

/**
 * The user's phone with the SDK in it, apart from the flow: one interface, a driver behind it (drivers.ts). A driver that cannot
 * do something answers NOT_SUPPORTED.
 */
export interface Device {
  /** What the SDK hands over for `authenticate`; opaque to the flow's client. */
  readonly payload: (flow: DeviceFlow) => Promise<DeviceAnswer<string>>;
  /** Pairs the phone. A pairing that failed as it should is `ok`. */
  readonly pair: (flow: DeviceFlow, pairing: Pairing) => Promise<DeviceAnswer<unknown>>;
  /** Answers the push that waits on a device. */
  readonly decide: (flow: DeviceFlow, deviceId: string, decision: 'approve' | 'deny') => Promise<DeviceAnswer<unknown>>;
  /** The newest code sent to a device. */
  readonly code: (flow: DeviceFlow, deviceId: string) => Promise<DeviceAnswer<string>>;
  /** Puts the user's account back to what it was before the run. */
  readonly reset: (flow: DeviceFlow) => Promise<DeviceAnswer<unknown>>;
}

/** A driver that can do nothing; the others are made of it. */
export const NO_DEVICE: Device = (() => {
  const refuse = (): Promise<DeviceAnswer<never>> => Promise.resolve({ ok: false, error: 'NOT_SUPPORTED' });
  return { payload: refuse, pair: refuse, decide: refuse, code: refuse, reset: refuse };
})();
