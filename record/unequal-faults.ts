import { STANDARD_FAULTS } from '../catalogue/phases.ts';
import { sumOf } from './record-totals.ts';
import type { RecordTotals } from './record-totals.ts';

/** One fault on both sides: answers that named it and requests that it cut, as the harness saw them and the simulator made them. */
export interface FaultCount {
  readonly fault: string;
  readonly seen: number;
  readonly served: number;
}

/** Both sides' counts of the standard faults. */
export function faultCounts(totals: RecordTotals): readonly FaultCount[] {
  const sum = (metric: string, fault: string): number =>
    ['named', 'cut'].reduce((total, how) => total + sumOf(totals.select(`${metric}{fault:${fault},how:${how}}`)), 0);
  return STANDARD_FAULTS.map((fault) => ({
    fault,
    seen: sum('faults_seen', fault),
    served: sum('faults_served', fault),
  }));
}

/**
 * Faults that the two sides count differently: then what a fault did is not wholly known. Of faults that somebody else makes
 * (`external`) there is one side only.
 */
export function unequalFaults(counts: readonly FaultCount[]): readonly FaultCount[] {
  const standard: readonly string[] = STANDARD_FAULTS;
  return counts.filter(({ fault, seen, served }) => standard.includes(fault) && seen !== served);
}

/** One such fault in words. */
export function faultWords({ fault, seen, served }: FaultCount): string {
  return `fault ${fault}: the harness saw ${seen}, the simulator served ${served}`;
}
