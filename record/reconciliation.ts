import { many } from '../catalogue/finding-words.ts';
import { OUTCOMES } from '../catalogue/outcomes.ts';
import type { Outcome } from '../catalogue/outcomes.ts';
import { STANDARD_FAULTS } from '../catalogue/phases.ts';
import { TAG_VALUES } from '../catalogue/tag-values.ts';
import type { OutcomeTable } from '../contract/figures.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { sumOf } from './record-totals.ts';
import type { Iterations, RunFile } from './run-file.ts';

// Compares counts of the same thing by two parties: flows and outcomes, host and flows, simulator and harness.

/**
 * Flows by kind and outcome. Kinds and outcomes unknown to the protocol (a record may come from anywhere) count as
 * ended, but have no row.
 */
export function outcomeTableOf(totals: SeriesTotals): OutcomeTable {
  const flows = sumOf(totals.select('flows'));
  const outcomes: Record<string, Record<string, number>> = {};
  for (const { tags, total } of totals.breakdown('flow_outcomes', ['kind', 'outcome'])) {
    const { kind = '', outcome = '' } = tags;
    const count = sumOf(total);
    if (count === 0 || !Object.hasOwn(FLOW_KINDS, kind) || !(OUTCOMES as readonly string[]).includes(outcome)) continue;
    (outcomes[kind] ??= {})[outcome] = count;
  }
  // In the protocol's order.
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

/**
 * Iterations as counted by the host; undefined if it did not count interrupted ones (k6 does not report them, a killed
 * run could not) or if the record derived its counts from flows.
 */
export function countedIterations({
  host,
  end,
}: Pick<RunFile, 'host'> & { readonly end: { readonly iterations: Iterations } | null }): Iterations | undefined {
  return host === 'k6' || end?.iterations.derived === true ? undefined : end?.iterations;
}

/** Flows that were started, and those that ended in an outcome. */
interface FlowCounts {
  readonly started: number;
  readonly ended: number;
}

/**
 * Whether no flow was lost: no more flows lack an outcome than iterations were interrupted. Fewer may: an iteration lasts
 * until its last timer and request (k6-contract.md), so one whose flow has ended may still be interrupted. Null (not
 * judged) if the host did not count.
 */
export function flowsConserved({ started, ended }: FlowCounts, iterations: Iterations | undefined): boolean | null {
  if (iterations === undefined || iterations.started === 0) return null;
  const cutOff = started - ended;
  return cutOff >= 0 && cutOff <= iterations.interrupted;
}

/** The same as a sentence. `interrupted`: iterations interrupted by the host; null: not counted. */
export function conservationWords({ started, ended }: FlowCounts, interrupted: number | null): string {
  return `flows started ${started} = ended ${ended} + interrupted ${started - ended}; iterations interrupted by the host: ${
    interrupted ?? 'not counted, so this is not judged'
  }`;
}

/** Result of comparing the harness's count of flows with the simulator's. */
export interface Reconciliation {
  readonly agrees: boolean;
  /** One line. */
  readonly text: string;
}

/** Outcomes of flows whose start may have been answered with something other than a flow (a 503, say). */
const MAYBE_REFUSED: readonly Outcome[] = ['http_error', 'protocol_error', 'rejected', 'harness_error'];

/**
 * The simulator counts starts that it answered with a flow; the harness counts flows before their first request. They
 * agree if the simulator has no more starts than there were flows, and lacks no more than the unanswered starts plus
 * the flows that ended in an error (an upper bound of the refused starts).
 */
export function compareRecords(table: OutcomeTable, starts: number): Reconciliation {
  const refused = Object.values(table.outcomes)
    .flatMap((outcomes) => MAYBE_REFUSED.map((outcome) => outcomes[outcome] ?? 0))
    .reduce((sum, count) => sum + count, 0);
  const missing = table.flows - starts;
  const apart = `${many(table.unanswered, 'start')} without an answer`;
  if (missing < 0 || missing > table.unanswered + refused) {
    return {
      agrees: false,
      text: `the simulator answered ${many(starts, 'flow start')}, the harness counts ${many(table.flows, 'flow')}, ${apart}`,
    };
  }
  const refusals = missing > table.unanswered ? `, ${missing - table.unanswered} refused` : '';
  return {
    agrees: true,
    text: `the simulator's record agrees: ${many(starts, 'flow start')} answered of ${table.flows} (${apart}${refusals})`,
  };
}

/** One fault on both sides: answers that named it and requests that it cut, those sent again included, as the harness saw them and the simulator made them. */
interface FaultCount {
  readonly fault: string;
  readonly seen: number;
  readonly served: number;
}

/** Both sides' counts of the standard faults. */
export function faultCounts(totals: SeriesTotals): readonly FaultCount[] {
  const sum = (metric: string, fault: string): number =>
    TAG_VALUES.how.reduce((total, how) => total + sumOf(totals.select(`${metric}{fault:${fault},how:${how}}`)), 0);
  return STANDARD_FAULTS.map((fault) => ({
    fault,
    seen: sum('faults_seen', fault),
    served: sum('faults_served', fault),
  }));
}

/**
 * Faults that the two sides count differently, so that their impact is not fully known. `external` faults have one side
 * only.
 */
export function unequalFaults(counts: readonly FaultCount[]): readonly FaultCount[] {
  const standard: readonly string[] = STANDARD_FAULTS;
  return counts.filter(({ fault, seen, served }) => standard.includes(fault) && seen !== served);
}

/** Such a fault as a sentence. */
export function faultWords({ fault, seen, served }: FaultCount): string {
  return `fault ${fault}: the harness saw ${seen}, the simulator served ${served}`;
}
