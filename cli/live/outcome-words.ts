import type { Outcome } from '../../catalogue/outcomes.ts';
import { FAULTY_OUTCOMES } from '../../catalogue/faulty-outcomes.ts';

/** Short names of outcomes, for live lines. */
const SHORT = {
  device_paired: 'paired',
  device_not_paired: 'not paired',
  pairing_error: 'pairing error',
  authenticated: 'auth',
  bypassed: 'bypassed',
  denied: 'denied',
  timed_out: 'timed out',
  otp_failed: 'otp failed',
  cancelled: 'cancelled',
  mfa_failed: 'mfa failed',
  expired: 'expired',
  abandoned: 'abandoned',
  refused: 'refused',
  unverified: 'unverified',
  not_driven: 'not driven',
  rejected: 'rejected',
  http_error: 'http error',
  protocol_error: 'protocol error',
  harness_error: 'harness error',
} as const satisfies Record<Outcome, string>;

/** Users' scripts may have outcomes of their own, which keep their name. */
export function outcomeWords(outcome: string): string {
  return Object.hasOwn(SHORT, outcome) ? SHORT[outcome as Outcome] : outcome;
}

/** True for errors, regardless of the expected outcome. */
export function isErrorOutcome(outcome: string): boolean {
  return (FAULTY_OUTCOMES as readonly string[]).includes(outcome);
}
