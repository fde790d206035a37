import type { SeriesTotal } from '../contract/series-counts.ts';

/** Sum of a counter; 0 where there is none. */
export function sumOf(total: SeriesTotal | undefined): number {
  return total !== undefined && 'sum' in total ? total.sum : 0;
}

/** Samples of a rate, and those that were not zero; 0 where there is none. */
export function rateOf(total: SeriesTotal | undefined): { readonly samples: number; readonly passes: number } {
  return total !== undefined && 'passes' in total ? total : { samples: 0, passes: 0 };
}
