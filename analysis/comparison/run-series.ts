import { BucketMatrix } from './bucket-matrix.ts';
import type { JudgedMetric } from './judged-metrics.ts';

/** Numbers by interval: a list of triples (interval, key, count), where a metric is not a trend with keys 0 and 1. */
type Entries = number[];

/**
 * What a run recorded of one judged metric, interval by interval; kept in two parts, because only the end of a record tells whether
 * the run had a phase `steady`.
 */
export class RunSeries {
  readonly judged: JudgedMetric;
  /** Whether its numbers are milliseconds. */
  readonly time: boolean;
  readonly #steady: Entries = [];
  readonly #other: Entries = [];

  constructor(judged: JudgedMetric, time: boolean) {
    this.judged = judged;
    this.time = time;
  }

  /** Counts something in an interval; for a trend by bucket, for a share as `FIRST` and `SECOND`. */
  add(interval: number, key: number, count: number, steady: boolean): void {
    (steady || this.judged.anyPhase ? this.#steady : this.#other).push(interval, key, count);
  }

  /** The intervals from `from` up to `to`, `group` of them as one. */
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

  /** The histograms of a trend. */
  matrix(from: number, to: number, group: number, onlySteady: boolean): BucketMatrix {
    return new BucketMatrix(Math.floor((to - from) / group), this.#part(from, to, group, onlySteady));
  }

  /** What was counted by one of two keys in each interval. */
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

/** Keys of what is not a trend: events and passes, and what did not pass. */
export const FIRST = 0;
export const SECOND = 1;
