import { bucketFrom } from '../../contract/histogram.ts';
import type { Stretches } from './circular-blocks.ts';

/** Position in a distribution: the value, its column, and the fraction of that column's samples below it. */
export interface Place {
  readonly value: number;
  readonly column: number;
  readonly part: number;
}

/**
 * Histograms of consecutive intervals as a dense table of cumulative counts, over intervals and over buckets. Two
 * look-ups give the samples of any range of intervals below any bucket, so a percentile of merged histograms costs a
 * short search and no merging.
 */
export class BucketMatrix {
  /** Number of intervals. */
  readonly length: number;
  /** Bucket keys in use, ascending; column 0 holds values that are not above zero. */
  readonly #keys: Int32Array;
  readonly #columns: number;
  readonly #sums: Float64Array;

  /** `entries`: flat triples of interval, bucket key (0: not above zero) and samples, in any order. */
  constructor(length: number, entries: readonly number[]) {
    this.length = length;
    const keys = new Set<number>([0]);
    for (let at = 1; at < entries.length; at += 3) keys.add(entries[at]!);
    this.#keys = Int32Array.from([...keys].sort((a, b) => a - b));
    this.#columns = this.#keys.length;
    const columnOf = new Map([...this.#keys].map((key, column) => [key, column]));
    const sums = new Float64Array((length + 1) * this.#columns);
    for (let at = 0; at < entries.length; at += 3) {
      sums[(entries[at]! + 1) * this.#columns + columnOf.get(entries[at + 1]!)!]! += entries[at + 2]!;
    }
    for (let row = 1; row <= length; row++) {
      let across = 0;
      for (let column = 0; column < this.#columns; column++) {
        const at = row * this.#columns + column;
        across += sums[at]!;
        sums[at] = across + sums[at - this.#columns]!;
      }
    }
    this.#sums = sums;
  }

  /** Samples in all intervals. */
  get samples(): number {
    return this.#sums[this.#sums.length - 1]!;
  }

  /** Samples of a resample in columns up to this one. */
  #upTo(column: number, { from, to, count }: Stretches): number {
    let sum = 0;
    for (let at = 0; at < count; at++) {
      sum += this.#sums[to[at]! * this.#columns + column]! - this.#sums[from[at]! * this.#columns + column]!;
    }
    return sum;
  }

  /**
   * Percentile p (0 to 100) of a resample: rank p/100 · (n − 1) as in a run's own percentiles, but interpolated within
   * a bucket, because steps of 1 % would count as differences. Undefined without samples, or if not above zero. `near`:
   * column where the search starts.
   */
  percentile(p: number, stretches: Stretches, near = this.#columns >> 1): Place | undefined {
    const samples = this.#upTo(this.#columns - 1, stretches);
    if (samples === 0) return undefined;
    const rank = (p / 100) * (samples - 1) + 0.5;
    let column = Math.min(near, this.#columns - 1);
    let through = this.#upTo(column, stretches);
    while (through < rank) through = this.#upTo(++column, stretches);
    let below = column === 0 ? 0 : this.#upTo(column - 1, stretches);
    while (below >= rank) {
      column--;
      through = below;
      below = column === 0 ? 0 : this.#upTo(column - 1, stretches);
    }
    if (column === 0) return undefined;
    const key = this.#keys[column]!;
    const [low, high] = [bucketFrom(key), bucketFrom(key + 1)];
    const part = (rank - below) / (through - below);
    return { value: low + part * (high - low), column, part };
  }

  /**
   * Influence of each interval on percentile p: its samples below the place, minus the expected number. To first order
   * the percentile moves with their sum (R. R. Bahadur, Annals of Mathematical Statistics 37 (1966) 577–580).
   */
  influence(p: number, { column, part }: Place): Float64Array {
    const sums = this.#sums;
    const wide = this.#columns;
    return Float64Array.from({ length: this.length }, (_, t) => {
      const above = t * wide;
      const row = above + wide;
      const through = sums[row + column]! - sums[above + column]!;
      const before = column === 0 ? 0 : sums[row + column - 1]! - sums[above + column - 1]!;
      const samples = sums[row + wide - 1]! - sums[above + wide - 1]!;
      return before + part * (through - before) - (p / 100) * samples;
    });
  }
}
