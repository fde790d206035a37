import { NO_FAULT } from '../../catalogue/phases.ts';
import type { Tags } from '../../contract/series-counts.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import type { Cause } from '../../record/causes.ts';
import { rateOf, sumOf } from '../../record/record-totals.ts';
import { counted } from '../quantity.ts';
import type { CauseView, FaultRow } from './report-model.ts';

/** What the faults of a run explain of its failed flows. */
export interface FaultsOfRun {
  /** In the order in which they are told. */
  readonly names: readonly string[];
  /** How many flows of a cause may have failed outside of all faults and what followed them. */
  readonly outside: (cause: Cause) => number;
}

/** The parts of a run in which flows end that met a fault. */
const WITHIN: readonly string[] = ['fault', 'recovery'];
const isOutside = ({ phase = '' }: Tags): boolean => !WITHIN.includes(phase);

/**
 * The faults of a run; null where it has none. A failed flow does not say when it failed, so the evidence is what was
 * counted outside of the faults: the same failed request or, without one, the same outcome among unexpected ones. What
 * did not happen there, happened within.
 */
export function faultsOfRun(totals: SeriesTotals, faults: readonly FaultRow[]): FaultsOfRun | null {
  const names = faults.filter(({ fault, begun }) => fault !== NO_FAULT && begun > 0).map(({ fault }) => fault);
  if (names.length === 0) return null;
  const count = (metric: string, is: (tags: Tags) => boolean): number =>
    sumOf(totals.select(metric, (tags) => isOutside(tags) && is(tags)));
  const unexpected = rateOf(totals.select('outcome_mismatch', isOutside)).passes;
  return {
    names,
    outside: ({ flows, outcome, step, error }) => {
      const [, status] = /^HTTP (\d+)/.exec(error) ?? [];
      const [, code] = /^error (\d+)/.exec(error) ?? [];
      const requests =
        status === undefined && code === undefined
          ? Infinity
          : count(
              'http_reqs',
              (tags) =>
                tags['name'] === step &&
                (status === undefined ? tags['error_code'] === code : tags['status'] === status),
            );
      return Math.min(
        flows,
        requests,
        unexpected,
        count('flow_outcomes', (tags) => tags['outcome'] === outcome),
      );
    },
  };
}

/** `the fault slow`, `the faults slow and restart`. */
export function namesOfFaults({ names }: Pick<FaultsOfRun, 'names'>): string {
  const [last = '', ...before] = names.toReversed();
  return before.length === 0 ? `the fault ${last}` : `the faults ${before.toReversed().join(', ')} and ${last}`;
}

/** All flows that the faults explain, by outcome, in one line; none where there is no such flow. */
export function withinFaults(faults: FaultsOfRun, causes: readonly Cause[]): readonly CauseView[] {
  const ended = new Map<string, number>();
  for (const cause of causes) {
    const within = cause.flows - faults.outside(cause);
    if (within > 0) ended.set(cause.outcome, (ended.get(cause.outcome) ?? 0) + within);
  }
  const list = [...ended].sort(([, a], [, b]) => b - a);
  if (list.length === 0) return [];
  const all = list.reduce((sum, [, flows]) => sum + flows, 0);
  const by = list.map(([outcome, flows]) => `${flows} ${outcome}`).join(', ');
  return [
    {
      of: 'flows',
      text: `within ${namesOfFaults(faults)}: ${counted(all, 'flow')} (${by})`,
      ...{ remedy: '', command: '' },
    },
  ];
}
