/** Statuses that a virtual user drives; each is described in STATES (states.ts). */
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

/** A status that a virtual user drives. */
export type FlowStatus = (typeof FLOW_STATUSES)[number];

/** Known, named and counted, but not driven. protocol.md section 3. */
export const OTHER_STATUSES = [
  'MFA_SETUP_REQUIRED',
  'DEVICE_PAIRING_METHOD_REQUIRED',
  'MOBILE_ACTIVATION_REQUIRED',
  'ASSERTION_REQUIRED',
  'DEVICE_PROFILE_REQUIRED',
  'MUST_CHANGE_PASSWORD',
  'CANCELED',
  'OTP_VERIFIED',
  'EXTERNAL_AUTHENTICATION_REQUIRED',
] as const;
