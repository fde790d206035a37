import type { Phone } from '../../contract/inventory.ts';

/**
 * The simulator's side of the phone: what Apple's or Google's push service and PingOne's mobile API are to a real one
 * (protocol.md section 5, "The phone, in the simulator"). JSON over POST, below PHONE_URL. All of it is [choice].
 */
export const PHONE_PATHS = {
  pair: '/pair',
  decide: '/decide',
  code: '/code',
  reset: '/reset',
} as const;

/** Where the phone API lies below PingFederate's base URL, unless PHONE_URL says otherwise. */
export const PHONE_BASE_PATH = '/phone';

/**
 * What the simulated SDK says of its phone. On the wire: base64url (no padding) of this as JSON, opaque to
 * PingFederate's clients.
 */
export interface MobilePayload extends Phone {
  readonly version: 1;
  /** `broken`: made by a failing SDK; the server refuses it. */
  readonly integrity: 'ok' | 'broken';
  /** Different in every payload. */
  readonly nonce: string;
}

/** POST pair: the phone pairs itself with what the flow handed out. Answers 200 or a PhoneError. */
export interface PairRequest {
  readonly serverPayload: string;
  readonly mobilePayload: string;
}
export interface PairResponse {
  readonly deviceId: string;
}

/** POST decide: the person answers the newest push that waits on this device. Answers 200 or a PhoneError. */
export interface DecideRequest {
  readonly deviceId: string;
  readonly decision: 'approve' | 'deny';
}

/** POST code: reads the newest code sent to this device. Answers 200 or a PhoneError. */
export interface CodeRequest {
  readonly deviceId: string;
}
export interface CodeResponse {
  readonly otp: string;
}

/**
 * POST reset: puts accounts back to what the inventory says (new devices gone, locks off), of one user or of many. Answers 204,
 * or UNKNOWN_USER, and then none was put back.
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

/** Code of a phone API error. */
export type PhoneErrorCode = keyof typeof PHONE_ERRORS;
export interface PhoneError {
  readonly code: PhoneErrorCode;
  readonly message: string;
}
