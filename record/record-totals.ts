import type { SeriesTotal, Tags } from '../contract/series-counts.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import type { Iterations } from './run-file.ts';

/**
 * Whether the requests of a series were answered as expected (k6's tag `expected_response`). A refused connection takes
 * no time and would make a dead target look fast. True if the tag was not recorded.
 */
export function isAnswered(tags: Tags): boolean {
  return tags['expected_response'] !== 'false';
}

/** Sum of a counter; 0 if there is none. */
export function sumOf(total: SeriesTotal | undefined): number {
  return total !== undefined && 'sum' in total ? total.sum : 0;
}

/** Samples of a rate and its non-zero samples; 0 if there are none. */
export function rateOf(total: SeriesTotal | undefined): { readonly samples: number; readonly passes: number } {
  return total !== undefined && 'passes' in total ? total : { samples: 0, passes: 0 };
}

/**
 * Iterations derived from samples: `iterations` counts completed ones; a flow without an outcome was interrupted
 * (docs/architecture.md, `interrupted`). Scripts without flows do not show interruptions.
 */
export function iterationsOf(totals: SeriesTotals): Iterations {
  const sum = (metric: string): number => Math.max(0, Math.round(sumOf(totals.select(metric))));
  const completed = sum('iterations');
  const interrupted = Math.max(0, sum('flows') - sum('flow_outcomes'));
  const dropped = sum('dropped_iterations');
  const started = completed + interrupted;
  return { planned: started + dropped, started, completed, interrupted, dropped, derived: true };
}
