import type { FlowKind } from '../protocol/flow-kinds.ts';
import { PAIRING_OUTCOMES } from './outcomes.ts';
import type { Outcome } from './outcomes.ts';

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
