/**
 * How a flow ended, as the virtual user observed it. Every flow that was started ends in exactly one of these, or is
 * interrupted by the host, which is derived and never emitted: `interrupted` = flows started − Σ outcomes. Meanings:
 * outcome-meanings.ts.
 */
export const OUTCOMES = [
  'device_paired',
  'device_not_paired',
  'pairing_error',
  'authenticated',
  'bypassed',
  'denied',
  'timed_out',
  'otp_failed',
  'cancelled',
  'mfa_failed',
  'expired',
  'abandoned',
  'refused',
  'unverified',
  'not_driven',
  'rejected',
  'http_error',
  'protocol_error',
  'harness_error',
] as const;

/** Name of an emitted outcome. */
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes that the status attribute decides; each is also a sample of `pairing_error_rate`. */
export const PAIRING_OUTCOMES = ['device_paired', 'device_not_paired', 'pairing_error'] as const;
