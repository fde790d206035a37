import type { Outcome } from '../../catalogue/outcomes.ts';
import { FAULTY_OUTCOMES } from '../../catalogue/faulty-outcomes.ts';

/** Outcomes as live lines name them. */
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

/** The short name of an outcome; a script that is not ours may have outcomes of its own. */
export function outcomeWords(outcome: string): string {
  return Object.hasOwn(SHORT, outcome) ? SHORT[outcome as Outcome] : outcome;
}

/** Whether an outcome is an error, whatever was expected. */
export function isErrorOutcome(outcome: string): boolean {
  return (FAULTY_OUTCOMES as readonly string[]).includes(outcome);
}
