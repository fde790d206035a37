import type { EncodedHistogram } from '../../contract/histogram.ts';
import type { Contains, MetricType, AnySeries, SeriesCounts, Tags } from '../metrics/series.ts';
import { mergeCounts } from '../metrics/series.ts';
import type { TestRun } from '../test-run.ts';

/** A series that a thread names for the first time; later it goes by its number. */
export interface NamedSeries {
  readonly number: number;
  readonly metric: string;
  readonly type: MetricType;
  readonly contains: Contains;
  readonly tags: Tags;
}

/** What a thread recorded since it was last asked, as plain data. All increments, merged, are the whole. */
export interface Increments {
  readonly named: readonly NamedSeries[];
  readonly recorded: readonly (readonly [number: number, counts: SeriesCounts])[];
  readonly startLag: EncodedHistogram | undefined;
}

/** Where a thread records. */
export type Recording = Pick<TestRun, 'registry' | 'startLag'>;

/** Takes what a run has recorded since the last time, and leaves its series empty. */
export function incrementTaker(run: Recording): () => Increments {
  const numbers = new Map<AnySeries, number>();
  return () => {
    const named: NamedSeries[] = [];
    const recorded: [number, SeriesCounts][] = [];
    for (const { name, type, contains, series } of run.registry.all()) {
      for (const one of series) {
        if (one.samples === 0) continue;
        let number = numbers.get(one);
        if (number === undefined) {
          numbers.set(one, (number = numbers.size));
          named.push({ number, metric: name, type, contains, tags: one.tags });
        }
        recorded.push([number, one.take()]);
      }
    }
    const startLag = run.startLag.count === 0 ? undefined : run.startLag.encode();
    run.startLag.clear();
    return { named, recorded, startLag };
  };
}

/** Adds to a run what one other thread has recorded; each thread needs a merger of its own. */
export function incrementMerger(run: Recording): (increments: Increments) => void {
  const byNumber = new Map<number, AnySeries>();
  return ({ named, recorded, startLag }) => {
    for (const { number, metric, type, contains, tags } of named) {
      const known = run.registry.define(metric, type, contains);
      if (typeof known === 'string') throw new Error(known);
      byNumber.set(number, known.seriesFor(tags));
    }
    for (const [number, counts] of recorded) mergeCounts(byNumber.get(number)!, counts);
    if (startLag !== undefined) run.startLag.mergeEncoded(startLag);
  };
}
