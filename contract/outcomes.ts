import type { FlowKind } from '../protocol/flow-kinds.ts';

/**
 * How a flow ended, as the virtual user observed it. Every flow that was started ends in exactly one of these, or is
 * cut off by the host, which is derived and never emitted: `interrupted` = flows started − Σ outcomes.
 */
export const OUTCOMES = {
  device_paired: 'the status attribute says that the phone was paired',
  device_not_paired: 'the status attribute says that the phone was not paired',
  pairing_error: 'the status attribute says that pairing failed (a success on the wire)',
  authenticated: 'token received, nothing was to be paired',
  denied: 'the push was denied',
  timed_out: 'nobody answered the push, or the client lost patience',
  otp_failed: "the passcode's attempts or lifetime were used up",
  cancelled: 'the client cancelled in mid-flow',
  mfa_failed: 'no usable device, or a locked user',
  expired: 'the flow was gone when the client came back',
  abandoned: 'the client stopped and said nothing',
  unverified: 'completed, but the status attribute is absent: nobody can know about pairing_error',
  rejected: 'the API refused what should have been right',
  http_error: 'no answer, or an answer of the 5xx or 429 kind',
  protocol_error: 'an answer against the protocol, or a state nobody drives',
  harness_error: 'a fault of the virtual user itself',
} as const;

/** Name of an emitted outcome. */
export type Outcome = keyof typeof OUTCOMES;

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
