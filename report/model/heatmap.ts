import { SUB_BUCKET_BITS, bucketFrom } from '../../contract/histogram.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { Heatmap } from './report-model.ts';

/** Most rows: more are too thin to be told apart. */
const MOST_ROWS = 36;

/** A column's counts by bucket key; what counts as zero is in the lowest bucket there is. */
type Buckets = readonly number[];

/**
 * What a trend in milliseconds held, by column of time and by size. Rows are whole buckets of the histogram taken together (an octave or a part of
 * it), so that every sample is in the row that it belongs to. Null where nothing was measured.
 */
export function heatmap(track: readonly (SeriesTotal | undefined)[]): Heatmap | null {
  const columns = track.map(bucketsOf);
  let low = Infinity;
  let high = -Infinity;
  for (const buckets of columns) {
    if (buckets.length === 0) continue;
    low = Math.min(low, buckets[0]!);
    high = Math.max(high, buckets[buckets.length - 2]!);
  }
  if (high < low) return null;
  let bits = SUB_BUCKET_BITS - 3;
  while ((high >> bits) - (low >> bits) + 1 > MOST_ROWS) bits++;
  const first = low >> bits;
  const rows = (high >> bits) - first + 1;
  const counts = Array.from({ length: rows }, () => new Array<number>(columns.length).fill(0));
  columns.forEach((buckets, column) => {
    for (let at = 0; at + 1 < buckets.length; at += 2) {
      counts[(buckets[at]! >> bits) - first]![column]! += buckets[at + 1]!;
    }
  });
  return {
    fromMs: counts.map((_, row) => bucketFrom((first + row) << bits)),
    toMs: bucketFrom((first + rows) << bits),
    counts,
  };
}

function bucketsOf(total: SeriesTotal | undefined): Buckets {
  if (total === undefined || !('histogram' in total) || total.histogram.count === 0) return [];
  const { positive, zero } = total.histogram.encode();
  if (zero === 0) return positive;
  // Below a nanosecond: the row of a microsecond is low enough.
  return positive.length > 0 ? [positive[0]!, positive[1]! + zero, ...positive.slice(2)] : [];
}
