import type { FlowKind } from '../protocol/flow-kinds.ts';
import { PAIRING_OUTCOMES } from './outcomes.ts';
import type { Outcome } from './outcomes.ts';

/** Possible outcomes of a flow that selects a device. */
const SELECTED = [
  'authenticated',
  'denied',
  'timed_out',
  'otp_failed',
  ...PAIRING_OUTCOMES,
  'refused',
  'bypassed',
] as const;

/**
 * Outcomes that an inventory may expect of each kind; all others can only be observed. With a phone still to be paired,
 * a kind ends in a pairing outcome, without a mobile payload in `authenticated`. `refused` is for a broken payload, a
 * rooted phone or a reused code. Users of any kind may skip MFA by policy: `bypassed`.
 */
export const PRESCRIBABLE: Readonly<Record<FlowKind, readonly Outcome[]>> = {
  F1: ['device_paired', 'refused', 'bypassed'],
  F2: ['device_not_paired', 'refused', 'bypassed'],
  F3: ['pairing_error', 'refused', 'bypassed'],
  F4: ['authenticated', ...PAIRING_OUTCOMES, 'refused', 'bypassed'],
  F5: ['denied', 'bypassed'],
  F6: ['timed_out', 'authenticated', 'otp_failed', ...PAIRING_OUTCOMES, 'refused', 'bypassed'],
  F7: ['authenticated', 'otp_failed', ...PAIRING_OUTCOMES, 'refused', 'bypassed'],
  F8: SELECTED,
  F9: SELECTED,
  F10: ['authenticated', 'refused', 'bypassed'],
  F11: ['cancelled', 'bypassed'],
  F12: ['mfa_failed', 'bypassed'],
  F13: ['expired', 'bypassed'],
  F14: ['abandoned', 'bypassed'],
  F15: ['authenticated', 'refused', 'bypassed'],
};
