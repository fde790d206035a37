import { BucketMatrix } from './bucket-matrix.ts';
import type { JudgedMetric } from './judged-metrics.ts';

/** Flat triples (interval, key, count); key is a trend's bucket, otherwise FIRST or SECOND. */
type Entries = number[];

/**
 * Data of one judged metric by interval, in two parts, because only the end of a record shows whether the run had a
 * phase `steady`.
 */
export class RunSeries {
  readonly judged: JudgedMetric;
  /** Whether its values are milliseconds. */
  readonly time: boolean;
  readonly #steady: Entries = [];
  readonly #other: Entries = [];

  constructor(judged: JudgedMetric, time: boolean) {
    this.judged = judged;
    this.time = time;
  }

  /** Adds a count in an interval; the key is a trend's bucket, otherwise `FIRST` or `SECOND`. */
  add(interval: number, key: number, count: number, steady: boolean): void {
    (steady || this.judged.anyPhase ? this.#steady : this.#other).push(interval, key, count);
  }

  /** The intervals from `from` up to `to`, merged in groups of `group`. */
  #part(from: number, to: number, group: number, onlySteady: boolean): Entries {
    const length = Math.floor((to - from) / group);
    const entries: Entries = [];
    for (const source of onlySteady ? [this.#steady] : [this.#steady, this.#other]) {
      for (let at = 0; at < source.length; at += 3) {
        const interval = Math.floor((source[at]! - from) / group);
        if (interval >= 0 && interval < length) entries.push(interval, source[at + 1]!, source[at + 2]!);
      }
    }
    return entries;
  }

  matrix(from: number, to: number, group: number, onlySteady: boolean): BucketMatrix {
    return new BucketMatrix(Math.floor((to - from) / group), this.#part(from, to, group, onlySteady));
  }

  /** Counts of a key by interval. */
  counts(
    key: typeof FIRST | typeof SECOND,
    from: number,
    to: number,
    group: number,
    onlySteady: boolean,
  ): Float64Array {
    const counts = new Float64Array(Math.floor((to - from) / group));
    const entries = this.#part(from, to, group, onlySteady);
    for (let at = 0; at < entries.length; at += 3) {
      if (entries[at + 1] === key) counts[entries[at]!]! += entries[at + 2]!;
    }
    return counts;
  }
}

/** Keys of non-trends: events or passes, and the rest. */
export const FIRST = 0;
export const SECOND = 1;
