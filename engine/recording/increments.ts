import type { NamedSeries, SeriesCounts } from '../../contract/series-counts.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { AnySeries } from '../metrics/series.ts';

/** What a registry recorded since the last call, as plain data. All increments merged are the whole. */
export interface Increments {
  readonly named: readonly NamedSeries[];
  readonly recorded: readonly (readonly [number: number, counts: SeriesCounts])[];
}

/** Drains a registry: returns what was recorded since the last call. */
export function incrementDrainer(registry: MetricRegistry): () => Increments {
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
        recorded.push([number, one.drain()]);
      }
    }
    return { named, recorded };
  };
}
