import type { FlowKind } from '../protocol/flow-kinds.ts';

/**
 * How a flow ended, as the virtual user observed it. Every flow that was started ends in exactly one of these, or is
 * cut off by the host, which is derived and never emitted: `interrupted` = flows started − Σ outcomes. What each means:
 * outcome-meanings.ts.
 */
export const OUTCOMES = [
  'device_paired',
  'device_not_paired',
  'pairing_error',
  'authenticated',
  'denied',
  'timed_out',
  'otp_failed',
  'cancelled',
  'mfa_failed',
  'expired',
  'abandoned',
  'unverified',
  'rejected',
  'http_error',
  'protocol_error',
  'harness_error',
] as const;

/** Name of an emitted outcome. */
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes that the status attribute decides; each is also a sample of `pairing_error_rate`. */
export const PAIRING_OUTCOMES = ['device_paired', 'device_not_paired', 'pairing_error'] as const;

/**
 * Which outcomes the inventory may prescribe for each kind; the rest can only be observed. A kind with a phone that is
 * not paired yet ends in a pairing outcome, the same kind without a mobile payload in `authenticated`.
 */
export const PRESCRIBABLE: Readonly<Record<FlowKind, readonly Outcome[]>> = {
  F1: ['device_paired'],
  F2: ['device_not_paired'],
  F3: ['pairing_error'],
  F4: ['authenticated', ...PAIRING_OUTCOMES],
  F5: ['denied'],
  F6: ['timed_out', 'authenticated'],
  F7: ['authenticated', 'otp_failed', ...PAIRING_OUTCOMES],
  F8: ['authenticated', 'denied', 'timed_out', 'otp_failed', ...PAIRING_OUTCOMES],
  F9: ['authenticated'],
  F10: ['authenticated'],
  F11: ['cancelled'],
  F12: ['mfa_failed'],
  F13: ['expired'],
  F14: ['abandoned'],
  F15: ['authenticated'],
};
