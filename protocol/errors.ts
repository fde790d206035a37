import type { Source } from './source.ts';

/** An error answer, by its top-level `code`. */
interface ErrorModel {
  readonly httpStatus: number;
  readonly message: string;
  readonly source: Source;
}

/** Error codes of the Authentication API, by `code`. protocol.md section 4. */
export const ERRORS = {
  VALIDATION_ERROR: {
    httpStatus: 400,
    message: 'One or more validation errors occurred with the request.',
    source: 'sdk',
  },
  REQUEST_FAILED: { httpStatus: 400, message: 'The request could not be completed.', source: 'sdk' },
  INVALID_REQUEST: { httpStatus: 400, message: 'The request was malformed.', source: 'sdk' },
  INVALID_ACTION_ID: {
    httpStatus: 400,
    message: 'The requested action is not valid for the current state of the flow.',
    source: 'sdk',
  },
  FLOW_NOT_FOUND: { httpStatus: 404, message: 'The flow was not found or has expired.', source: 'sdk' },
  RESOURCE_NOT_FOUND: { httpStatus: 404, message: 'The requested resource was not found.', source: 'sdk' },
  UNEXPECTED_ERROR: { httpStatus: 500, message: 'An unexpected error occurred.', source: 'sdk' },
  REQUEST_LIMITED: { httpStatus: 429, message: 'Too many requests; wait as Retry-After says.', source: 'doc' },
  XSRF_HEADER_REQUIRED: { httpStatus: 403, message: 'The X-XSRF-Header header is missing or empty.', source: 'choice' },
  SESSION_NOT_FOUND: {
    httpStatus: 403,
    message: 'The session of this flow was not presented, or is not the current one.',
    source: 'choice',
  },
} as const satisfies Record<string, ErrorModel>;

/** Top-level error code. */
export type ErrorCode = keyof typeof ERRORS;

/** An entry of `details`: its top-level code, and its texts. */
interface ErrorDetailModel {
  readonly under: ErrorCode;
  readonly message: string;
  readonly userMessage?: string;
  readonly source: Source;
}

/** Detail codes, by `details[].code`. protocol.md section 4. */
export const ERROR_DETAILS = {
  CREDENTIAL_VALIDATION_FAILED: {
    under: 'VALIDATION_ERROR',
    message: 'The credentials are not valid.',
    userMessage: "We didn't recognize the username or password you entered. Please try again.",
    source: 'sdk',
  },
  ACCOUNT_LOCKED_OUT: { under: 'VALIDATION_ERROR', message: 'The account is locked.', source: 'widget' },
  INVALID_MOBILE_PAYLOAD: { under: 'VALIDATION_ERROR', message: 'The mobile payload is not valid.', source: 'sdk' },
  DEVICE_ROOTED: { under: 'REQUEST_FAILED', message: 'The device is rooted or jailbroken.', source: 'sdk' },
  PUSH_FAILED: { under: 'REQUEST_FAILED', message: 'The push notification could not be sent.', source: 'sdk' },
  INVALID_DEVICE: { under: 'VALIDATION_ERROR', message: 'The device is not one of the user.', source: 'sdk' },
  DEVICE_LOCKED: { under: 'REQUEST_FAILED', message: 'The device is locked.', source: 'sdk' },
  OTP_RESEND_LIMIT: { under: 'REQUEST_FAILED', message: 'The code was sent too many times.', source: 'sdk' },
  INVALID_OTP: {
    under: 'VALIDATION_ERROR',
    message: 'The passcode is not valid.',
    userMessage: 'Invalid passcode. Please try again.',
    source: 'sdk',
  },
  OTP_ATTEMPTS_LIMIT: { under: 'REQUEST_FAILED', message: 'The number of attempts is used up.', source: 'sdk' },
  TOTP_ATTEMPTS_LIMIT: { under: 'REQUEST_FAILED', message: 'The number of attempts is used up.', source: 'sdk' },
  OTP_EXPIRED: { under: 'REQUEST_FAILED', message: 'The passcode has expired.', source: 'sdk' },
  INVALID_CONTENT_TYPE: {
    under: 'INVALID_REQUEST',
    message: 'The content type of the request is not that of an action.',
    source: 'sdk',
  },
  FIELD_REQUIRED: { under: 'VALIDATION_ERROR', message: 'A required field is missing.', source: 'sdk' },
  UNRECOGNIZED_FIELD_NAME: { under: 'VALIDATION_ERROR', message: 'A field is not known.', source: 'sdk' },
  INVALID_FIELD_FORMAT: { under: 'VALIDATION_ERROR', message: 'A field has the wrong type.', source: 'sdk' },
} as const satisfies Record<string, ErrorDetailModel>;

/** Detail code. */
export type ErrorDetailCode = keyof typeof ERROR_DETAILS;
