import type { Outcome } from '../../catalogue/outcomes.ts';
import type { FlowAnswer } from './answer.ts';

/** How a flow ended, and why in one sentence without secrets. */
export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** How a flow ends that had to turn away from a state. */
export function notDriven(status: string): Ending {
  return { outcome: 'not_driven', reason: `${status}: no handler` };
}

const OUTCOME_OF = {
  refused: 'rejected',
  gone: 'expired',
  lost: 'http_error',
  garbled: 'protocol_error',
  unsent: 'harness_error',
} as const satisfies Record<Exclude<FlowAnswer['is'], 'flow'>, Outcome>;

/** How a flow ends at an answer that nobody asked for. */
export function endingAt({ is, code }: Exclude<FlowAnswer, { is: 'flow' }>): Ending {
  return { outcome: OUTCOME_OF[is], reason: code };
}
