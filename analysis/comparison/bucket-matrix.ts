import { bucketFrom } from '../../contract/histogram.ts';
import type { Stretches } from './circular-blocks.ts';

/** A place in a distribution: the value, the column that holds it, and which part of that column's samples lies below. */
export interface Place {
  readonly value: number;
  readonly column: number;
  readonly part: number;
}

/**
 * The histograms of consecutive intervals as one dense table: for each interval and each bucket that occurs, the samples up to
 * that interval in buckets up to that one. Two look-ups give the samples of any stretch of intervals below any bucket, so the
 * percentile of merged histograms costs a short search and no merging.
 */
export class BucketMatrix {
  /** Intervals. */
  readonly length: number;
  /** Buckets that occur, ascending; column 0 holds what is not above zero. */
  readonly #keys: Int32Array;
  readonly #columns: number;
  readonly #sums: Float64Array;

  /** `entries`: interval, bucket key (0: not above zero) and samples, again and again, in any order. */
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

  /** Samples of all intervals. */
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
   * Percentile p (0 to 100) of a resample: at rank p/100 · (n − 1) as a run's own percentiles, but on a straight line within a
   * bucket, because steps of 1 % would count as differences. Undefined without samples, and where it is not above zero.
   * `near` is the column where the search begins.
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
   * Influence of each interval on percentile p: its samples below the place, less the part of its samples that should be. To first
   * order the percentile moves with the sum of these (R. R. Bahadur, Annals of Mathematical Statistics 37 (1966) 577–580).
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
