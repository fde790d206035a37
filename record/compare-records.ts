import type { OutcomeTable } from '../contract/outcome-table.ts';
import type { Outcome } from '../catalogue/outcomes.ts';

/** What comparing the harness's count of flows with the simulator's says. */
export interface Comparison {
  readonly agrees: boolean;
  /** One line. */
  readonly text: string;
}

/** Outcomes of flows whose start request may have been answered with something else than a flow (a 503, say). */
const MAYBE_REFUSED: readonly Outcome[] = ['http_error', 'protocol_error', 'rejected', 'harness_error'];

/**
 * The simulator counts the starts that it answered with a flow; the harness counts flows before their first request. So
 * the two agree if the simulator has no more starts than there were flows, and lacks no more than the starts without an
 * answer and the flows that ended in an error (an upper bound of the refused starts).
 */
export function compareRecords(table: OutcomeTable, starts: number): Comparison {
  const refused = Object.values(table.outcomes)
    .flatMap((outcomes) => MAYBE_REFUSED.map((outcome) => outcomes[outcome] ?? 0))
    .reduce((sum, count) => sum + count, 0);
  const missing = table.flows - starts;
  const apart = `${table.unanswered} start${table.unanswered === 1 ? '' : 's'} without an answer`;
  if (missing < 0 || missing > table.unanswered + refused) {
    return {
      agrees: false,
      text: `the simulator answered ${starts} flow starts, the harness counts ${table.flows} flows, ${apart}`,
    };
  }
  const refusals = missing > table.unanswered ? `, ${missing - table.unanswered} refused` : '';
  return {
    agrees: true,
    text: `the simulator's record agrees: ${starts} flow starts answered of ${table.flows} (${apart}${refusals})`,
  };
}
