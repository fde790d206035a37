import { OUTCOMES } from '../catalogue/outcomes.ts';
import type { OutcomeTable } from '../contract/outcome-table.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { sumOf } from './record-totals.ts';
import type { RecordTotals } from './record-totals.ts';

/**
 * Flows by kind and outcome, out of a record. Kinds and outcomes that the protocol does not know (a record may come from anywhere)
 * count as ended, and have no row.
 */
export function outcomeTableOf(totals: RecordTotals): OutcomeTable {
  const flows = sumOf(totals.select('flows'));
  const outcomes: Record<string, Record<string, number>> = {};
  for (const { tags, total } of totals.breakdown('flow_outcomes', ['kind', 'outcome'])) {
    const { kind = '', outcome = '' } = tags;
    const count = sumOf(total);
    if (count === 0 || !Object.hasOwn(FLOW_KINDS, kind) || !(OUTCOMES as readonly string[]).includes(outcome)) continue;
    (outcomes[kind] ??= {})[outcome] = count;
  }
  // In the protocol's order, whatever came first.
  const kinds = (Object.keys(FLOW_KINDS) as FlowKind[]).filter((kind) => outcomes[kind] !== undefined);
  const ordered = kinds.map((kind) => {
    const row = OUTCOMES.filter((outcome) => outcomes[kind]![outcome] !== undefined);
    return [kind, Object.fromEntries(row.map((outcome) => [outcome, outcomes[kind]![outcome]]))] as const;
  });
  return {
    flows,
    interrupted: flows - sumOf(totals.select('flow_outcomes')),
    unanswered: flows - sumOf(totals.select('starts_answered')),
    outcomes: Object.fromEntries(ordered),
  };
}
