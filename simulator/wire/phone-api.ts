import type { Phone } from '../../contract/inventory.ts';

/**
 * The simulated phone side: what Apple's or Google's push service and PingOne's mobile API are to a real phone
 * (protocol.md section 5, "The phone, in the simulator"). JSON over POST, below PHONE_URL. All of it is [choice].
 */
export const PHONE_PATHS = {
  pair: '/pair',
  decide: '/decide',
  code: '/code',
  reset: '/reset',
} as const;

/** Path of the phone API below PingFederate's base URL, unless PHONE_URL is set. */
export const PHONE_BASE_PATH = '/phone';

/**
 * The simulated SDK's description of its phone. On the wire: base64url (no padding) of this JSON, opaque to
 * PingFederate's clients.
 */
export interface MobilePayload extends Phone {
  readonly version: 1;
  /** `broken`: made by a failing SDK; the server rejects it. */
  readonly integrity: 'ok' | 'broken';
  /** Unique per payload. */
  readonly nonce: string;
}

/** POST pair: the phone pairs with the flow's server payload. Returns 200 or a PhoneError. */
export interface PairRequest {
  readonly serverPayload: string;
  readonly mobilePayload: string;
}
export interface PairResponse {
  readonly deviceId: string;
}

/** POST decide: the person answers the latest push pending on this device. Returns 200 or a PhoneError. */
export interface DecideRequest {
  readonly deviceId: string;
  readonly decision: 'approve' | 'deny';
}

/** POST code: reads the latest code sent to this device. Returns 200 or a PhoneError. */
export interface CodeRequest {
  readonly deviceId: string;
}
export interface CodeResponse {
  readonly otp: string;
}

/**
 * POST reset: restores the accounts of one or many users to the inventory (new devices gone, locks off). Returns 204,
 * or UNKNOWN_USER without restoring any.
 */
export type ResetRequest = { readonly username: string } | { readonly usernames: readonly string[] };

/** Errors of the phone API: code → HTTP status and message. */
export const PHONE_ERRORS = {
  INVALID_REQUEST: { httpStatus: 400, message: 'the request is not JSON in the documented format' },
  INVALID_SERVER_PAYLOAD: { httpStatus: 400, message: 'the serverPayload does not belong to an open pairing' },
  PAIRING_FAILED: { httpStatus: 400, message: 'the phone could not be paired: its payload is broken' },
  DEVICE_LIMIT: { httpStatus: 400, message: 'the user has reached the device limit' },
  NO_PUSH: { httpStatus: 404, message: 'no push is pending on this device' },
  NO_CODE: { httpStatus: 404, message: 'no code was sent to this device' },
  UNKNOWN_USER: { httpStatus: 404, message: 'no user has this name' },
} as const satisfies Record<string, { readonly httpStatus: number; readonly message: string }>;

export type PhoneErrorCode = keyof typeof PHONE_ERRORS;
export interface PhoneError {
  readonly code: PhoneErrorCode;
  readonly message: string;
}
