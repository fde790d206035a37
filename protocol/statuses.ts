/** Statuses that a virtual user handles, described in STATES (states.ts). */
export const FLOW_STATUSES = [
  'IDENTIFIER_REQUIRED',
  'USERNAME_PASSWORD_REQUIRED',
  'AUTHENTICATION_REQUIRED',
  'MOBILE_PAIRING_REQUIRED',
  'PUSH_CONFIRMATION_WAITING',
  'PUSH_CONFIRMATION_TIMED_OUT',
  'PUSH_CONFIRMATION_REJECTED',
  'OTP_REQUIRED',
  'DEVICE_SELECTION_REQUIRED',
  'MFA_COMPLETED',
  'MFA_FAILED',
  'COMPLETED',
  'RESUME',
  'FAILED',
] as const;

/** A status that a virtual user handles. */
export type FlowStatus = (typeof FLOW_STATUSES)[number];
