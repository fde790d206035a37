import { SUB_BUCKET_BITS, bucketFrom } from '../../contract/histogram.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { Heatmap } from './report-model.ts';

/** Maximum number of rows; more would be too thin to see. */
const MOST_ROWS = 36;

/** A column as key, count, key, count, …; zeros are added to the lowest bucket. */
type Buckets = readonly number[];

/**
 * Counts of a trend in milliseconds by time and size. A row combines whole histogram buckets (an octave or a part of
 * it), so every sample is in its proper row. Null if nothing was measured.
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
  // Zeros are values below a nanosecond; the lowest row takes them.
  return positive.length > 0 ? [positive[0]!, positive[1]! + zero, ...positive.slice(2)] : [];
}
