import type { SeriesTotal, Tags } from '../contract/series-counts.ts';

/** The totals of a record; adding the intervals of several gives those of the run that they were parts of. */
export { SeriesTotals as RecordTotals } from '../contract/series-totals.ts';

/**
 * Whether a series is of requests that were answered as expected, by k6's system tag `expected_response`: a refused
 * connection takes no time, and would make a target look fast that answers nothing. True where the tag was not recorded.
 */
export function isAnswered(tags: Tags): boolean {
  return tags['expected_response'] !== 'false';
}

/** Sum of a counter; 0 where there is none. */
export function sumOf(total: SeriesTotal | undefined): number {
  return total !== undefined && 'sum' in total ? total.sum : 0;
}

/** Samples of a rate, and those that were not zero; 0 where there is none. */
export function rateOf(total: SeriesTotal | undefined): { readonly samples: number; readonly passes: number } {
  return total !== undefined && 'passes' in total ? total : { samples: 0, passes: 0 };
}
