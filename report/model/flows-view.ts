import { FAULTY_OUTCOMES } from '../../catalogue/faulty-outcomes.ts';
import { OUTCOME_MEANINGS } from '../../catalogue/outcome-meanings.ts';
import { OUTCOMES } from '../../catalogue/outcomes.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import type { FlowKind } from '../../protocol/flow-kinds.ts';
import { countedIterations, flowsConserved } from '../../record/reconciliation.ts';
import { rateOf, sumOf } from '../../record/record-totals.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { FlowKindRow, FlowsView, OutcomeCount } from './report-model.ts';

/** Counts by arbitrary key. */
type Counts = Map<string, number>;

/**
 * Flows by kind and outcome; null if the script plays no flows. Unknown kinds and outcomes are combined as `other`, so
 * that sums always add up.
 */
export function flowsView(totals: SeriesTotals, run: RunFile): FlowsView | null {
  const started = sumOf(totals.select('flows'));
  const ended = sumOf(totals.select('flow_outcomes'));
  if (started === 0 && ended === 0) return null;
  const answered = sumOf(totals.select('starts_answered'));
  const mismatch = rateOf(totals.select('outcome_mismatch'));
  const kinds = kindRows(totals);
  const interrupted = started - ended;
  const counted = countedIterations(run);
  return {
    started,
    ended,
    interrupted,
    unanswered: started - answered,
    conserved: flowsConserved({ started, ended }, counted),
    interruptedIterations: counted?.interrupted ?? null,
    simulatorStarts: run.end?.simulator?.starts ?? null,
    judged: mismatch.samples,
    notAsPrescribed: mismatch.passes,
    kinds,
    outcomes: outcomeCounts(kinds.flatMap(({ outcomes }) => outcomes.map(({ outcome, count }) => [outcome, count]))),
  };
}

/** Counts by outcome, in the catalogue's order, with their meanings. */
export function outcomeCounts(counted: readonly (readonly [outcome: string, count: number])[]): OutcomeCount[] {
  const counts: Counts = new Map();
  for (const [outcome, count] of counted) {
    const known = (OUTCOMES as readonly string[]).includes(outcome) ? outcome : 'other';
    counts.set(known, (counts.get(known) ?? 0) + count);
  }
  const known = OUTCOMES.filter((outcome) => (counts.get(outcome) ?? 0) > 0).map((outcome) => ({
    outcome,
    meaning: OUTCOME_MEANINGS[outcome],
    problem: FAULTY_OUTCOMES.includes(outcome),
    count: counts.get(outcome)!,
  }));
  const other = counts.get('other') ?? 0;
  if (other === 0) return known;
  return [
    ...known,
    { outcome: 'other', meaning: 'an outcome unknown to this version of Pairstorm', problem: true, count: other },
  ];
}

function kindRows(totals: SeriesTotals): FlowKindRow[] {
  const kinds = Object.keys(FLOW_KINDS) as FlowKind[];
  const kindOf = (tag: string | undefined): FlowKind | 'other' => kinds.find((kind) => kind === tag) ?? 'other';
  const started = new Map<FlowKind | 'other', number>();
  const outcomes = new Map<FlowKind | 'other', [string, number][]>();
  const mismatches = new Map<FlowKind | 'other', { judged: number; not: number }>();
  for (const { tags, total } of totals.breakdown('flows', ['kind'])) {
    const kind = kindOf(tags['kind']);
    started.set(kind, (started.get(kind) ?? 0) + sumOf(total));
  }
  for (const { tags, total } of totals.breakdown('flow_outcomes', ['kind', 'outcome'])) {
    const kind = kindOf(tags['kind']);
    outcomes.set(kind, [...(outcomes.get(kind) ?? []), [tags['outcome'] ?? '', sumOf(total)]]);
  }
  for (const { tags, total } of totals.breakdown('outcome_mismatch', ['kind'])) {
    const kind = kindOf(tags['kind']);
    const { judged, not } = mismatches.get(kind) ?? { judged: 0, not: 0 };
    const { samples, passes } = rateOf(total);
    mismatches.set(kind, { judged: judged + samples, not: not + passes });
  }
  return [...kinds, 'other' as const].flatMap((kind) => {
    const row = outcomeCounts(outcomes.get(kind) ?? []);
    const ended = row.reduce((sum, { count }) => sum + count, 0);
    const begun = started.get(kind) ?? 0;
    if (begun === 0 && ended === 0) return [];
    return [
      {
        kind,
        title: kind === 'other' ? 'a kind unknown to this version of Pairstorm' : FLOW_KINDS[kind].title,
        started: begun,
        ended,
        interrupted: begun - ended,
        judged: mismatches.get(kind)?.judged ?? 0,
        notAsPrescribed: mismatches.get(kind)?.not ?? 0,
        outcomes: row,
      },
    ];
  });
}
