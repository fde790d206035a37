import type { Iterations } from '../contract/run-record/run-file.ts';
import { compareRecords } from './compare-records.ts';
import type { OutcomeTable } from '../contract/outcome-table.ts';
import { conservationWords, flowsConserved } from './flow-conservation.ts';
import type { FlowCounts } from './flow-conservation.ts';
import { faultWords, unequalFaults } from './unequal-faults.ts';
import type { FaultCount } from './unequal-faults.ts';

/** What tells whether the numbers of a run can be trusted. */
export interface Evidence {
  /** Undefined for a script that plays no flows. */
  readonly flows: (FlowCounts & { readonly table: OutcomeTable }) | undefined;
  readonly iterations: Iterations;
  /** Flow starts that the simulator answered; undefined where there was none, or where it did not say. */
  readonly starts: number | undefined;
  readonly faults: readonly FaultCount[];
}

/** How each kind of distrust begins; `splitDistrust` finds them again in the reason of a run. */
const BEGINS = { lost: 'flows were lost: ', records: 'the records disagree: ', fault: 'fault ' } as const;

/** Why the numbers of a run cannot be trusted, each in a few words; the invariants of a report judge by the same functions. */
export function distrust({ flows, iterations, starts, faults }: Evidence): readonly string[] {
  const lost = flows !== undefined && flowsConserved(flows, iterations) === false;
  const records = flows === undefined || starts === undefined ? undefined : compareRecords(flows.table, starts);
  return [
    ...(lost ? [`${BEGINS.lost}${conservationWords(flows, iterations.interrupted)}`] : []),
    ...(records === undefined || records.agrees ? [] : [`${BEGINS.records}${records.text}`]),
    ...unequalFaults(faults).map(faultWords),
  ];
}

/** A run's reason in two: what was found by its thresholds, and the distrust that a gate put behind; `''` where there is none. */
export function splitDistrust(reason: string): readonly [before: string, distrust: string] {
  const at = reason.search(new RegExp(`; (${BEGINS.lost}|${BEGINS.records}|${BEGINS.fault}\\S+: the harness saw )`));
  return at < 0 ? [reason, ''] : [reason.slice(0, at), reason.slice(at + 2)];
}
