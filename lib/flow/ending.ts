import type { Outcome } from '../../catalogue/outcomes.ts';
import type { ErrorAnswer } from './error-answer.ts';

/** How a flow ended, and the reason in one sentence without secrets. */
export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
}

const OUTCOME_OF = {
  refused: 'rejected',
  gone: 'expired',
  lost: 'http_error',
  garbled: 'protocol_error',
  unsent: 'harness_error',
} as const satisfies Record<ErrorAnswer['is'], Outcome>;

/** The ending of a flow after an unexpected answer. */
export function endingAt({ is, code }: ErrorAnswer): Ending {
  return { outcome: OUTCOME_OF[is], reason: code };
}
