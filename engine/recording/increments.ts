import type { NamedSeries, SeriesCounts } from '../../contract/series-counts.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import { mergeCounts } from '../metrics/series.ts';
import type { AnySeries } from '../metrics/series.ts';

/** What a registry recorded since it was last asked, as plain data. All increments, merged, are the whole. */
export interface Increments {
  readonly named: readonly NamedSeries[];
  readonly recorded: readonly (readonly [number: number, counts: SeriesCounts])[];
}

/** Takes what a registry has recorded since the last time, and leaves its series empty. */
export function incrementTaker(registry: MetricRegistry): () => Increments {
  const numbers = new Map<AnySeries, number>();
  return () => {
    const named: NamedSeries[] = [];
    const recorded: [number, SeriesCounts][] = [];
    for (const { name, type, contains, series } of registry.all()) {
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
    return { named, recorded };
  };
}

/** Adds to a registry what another one has recorded; each needs a merger of its own. */
export function incrementMerger(registry: MetricRegistry): (increments: Increments) => void {
  const byNumber = new Map<number, AnySeries>();
  return ({ named, recorded }) => {
    for (const { number, metric, type, contains, tags } of named) {
      const known = registry.define(metric, type, contains);
      if (typeof known === 'string') throw new Error(known);
      byNumber.set(number, known.seriesFor(tags));
    }
    for (const [number, counts] of recorded) mergeCounts(byNumber.get(number)!, counts);
  };
}
