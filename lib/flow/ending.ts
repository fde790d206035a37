import type { Outcome } from '../../catalogue/outcomes.ts';
import { CUSTOM_STATUSES, OTHER_STATUSES } from '../../protocol/statuses.ts';
import type { ErrorAnswer } from './error-answer.ts';
import { statusName } from './words.ts';

/** How a flow ended, and the reason in one sentence without secrets. */
export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** The ending of a flow that turned away from a state without a handler: names it, and the setting that helps. */
export function notDriven(status: string): Ending {
  const byUsers = OTHER.includes(status) && !CUSTOM.includes(status);
  const reason = `${statusName(status)}: no handler (${byUsers ? 'INVENTORY' : 'PF_CUSTOM_STATUS'})`;
  return { outcome: 'not_driven', reason };
}

const CUSTOM: readonly string[] = CUSTOM_STATUSES;
const OTHER: readonly string[] = OTHER_STATUSES;

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
