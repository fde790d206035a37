import type { Capability } from './driver-capabilities.ts';
import type { Phone } from '../../contract/inventory.ts';

/**
 * The contract with a bridge: a process that users write around the real SDK, emulators or phones. JSON over HTTP
 * below BRIDGE_URL; documented in docs/bridge.md. All of it is [choice].
 */
export const BRIDGE_PATHS = {
  /** GET: BridgeGreeting. */
  capabilities: '/capabilities',
  payload: '/payload',
  pair: '/pair',
  decide: '/decide',
  code: '/code',
  reset: '/reset',
} as const;

/** Version of this contract. */
export const BRIDGE_VERSION = 1;

/** What a bridge can do; requested once, before any load. */
export interface BridgeGreeting {
  readonly version: typeof BRIDGE_VERSION;
  readonly can: readonly Capability[];
}

/** Part of every request: whose phone it is, and in which flow. */
export interface BridgeRequest {
  readonly user: {
    readonly username: string;
    /** The bridge's own name for the phone, from the inventory; null without one. */
    readonly handle: string | null;
    readonly phone: Phone | null;
  };
  /** Unique over runs; the same for all requests of a flow. */
  readonly flow: string;
}

/** POST payload: what the SDK hands to `authenticate`. */
export interface BridgePayloadResponse {
  readonly mobilePayload: string;
}

/** POST pair: the SDK pairs with `serverPayload`. `fail`: the pairing must fail. Any 2xx: done as asked. */
export interface BridgePairRequest extends BridgeRequest {
  readonly serverPayload: string;
  readonly fail: boolean;
}

/** POST decide: the person answers the push pending on this device. Any 2xx: answered. */
export interface BridgeDecideRequest extends BridgeRequest {
  readonly deviceId: string;
  readonly decision: 'approve' | 'deny';
}

/** POST code: the newest code sent to this device, or shown by its app. */
export interface BridgeCodeRequest extends BridgeRequest {
  readonly deviceId: string;
}
export interface BridgeCodeResponse {
  readonly otp: string;
}

/** Body of any answer other than 2xx. Only `code` reaches a report. */
export interface BridgeError {
  /** Capital letters and `_`, at most 40 characters. */
  readonly code: string;
  readonly message?: string;
}

/** Headers of every request to a bridge. `token`: bearer token, or `''`. */
export function bridgeHeaders({ token }: { readonly token: string }): Record<string, string> {
  return token === '' ? {} : { Authorization: `Bearer ${token}` };
}
