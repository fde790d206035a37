import type { AddedInterval, SeriesName } from '../contract/interval.ts';
import { addToTotal, emptyTotal, keyOfTags } from '../contract/series-counts.ts';
import type { SeriesTotal, Tags } from '../contract/series-counts.ts';
import { carries, resolveSelector } from '../contract/threshold-selector.ts';

/** A metric of a record, with what each of its series holds. */
interface MetricTotals extends Pick<SeriesName, 'metric' | 'type' | 'contains'> {
  readonly series: Map<string, { readonly tags: Tags; readonly total: SeriesTotal }>;
}

/**
 * The sum of intervals: everything that a record counted, by metric and tag set, exactly. Adding the intervals of several
 * records, in whatever order, gives the totals of the run that they were parts of.
 */
export class RecordTotals {
  readonly #metrics = new Map<string, MetricTotals>();
  /** The totals of a series that a reader names by the same object each time. */
  readonly #known = new WeakMap<SeriesName, SeriesTotal>();

  /** Adds what was recorded in an interval. Throws a RangeError where a metric has two types. */
  add({ recorded }: Pick<AddedInterval, 'recorded'>): void {
    for (const [series, counts] of recorded) {
      let total = this.#known.get(series);
      if (total === undefined) this.#known.set(series, (total = this.#totalOf(series)));
      addToTotal(series.type, total, counts);
    }
  }

  #totalOf({ metric, type, contains, tags }: SeriesName): SeriesTotal {
    let known = this.#metrics.get(metric);
    if (known === undefined) this.#metrics.set(metric, (known = { metric, type, contains, series: new Map() }));
    if (known.type !== type)
      throw new RangeError(`metric ${metric} is a ${known.type} in one place and a ${type} in another`);
    const key = keyOfTags(tags);
    let entry = known.series.get(key);
    if (entry === undefined) known.series.set(key, (entry = { tags, total: emptyTotal(type) }));
    return entry.total;
  }

  /** Names, types and contents of all metrics that have samples. */
  metrics(): readonly Pick<SeriesName, 'metric' | 'type' | 'contains'>[] {
    return [...this.#metrics.values()].map(({ metric, type, contains }) => ({ metric, type, contains }));
  }

  /** All series of a metric. */
  series(metric: string): readonly { readonly tags: Tags; readonly total: SeriesTotal }[] {
    return [...(this.#metrics.get(metric)?.series.values() ?? [])];
  }

  /**
   * One total of all series that a selector (`metric{tag:value}`) names, and `only` takes; undefined where there is no sample.
   * Throws a ConfigurationError for a selector that is none.
   */
  select(selector: string, only: (tags: Tags) => boolean = () => true): SeriesTotal | undefined {
    const { metric, tags } = resolveSelector(selector, (name) => this.#metrics.has(name));
    const known = this.#metrics.get(metric);
    if (known === undefined) return undefined;
    const wanted = Object.entries(tags);
    const parts = [...known.series.values()].filter((entry) => carries(entry.tags, wanted) && only(entry.tags));
    if (parts.length === 0) return undefined;
    const sum = emptyTotal(known.type);
    for (const { total } of parts) addToTotal(known.type, sum, total);
    return sum;
  }

  /** The totals of a metric by the values of some of its tags, of the series that `only` takes; a tag that a series lacks counts as empty. */
  breakdown(
    metric: string,
    tagNames: readonly string[],
    only: (tags: Tags) => boolean = () => true,
  ): readonly { readonly tags: Tags; readonly total: SeriesTotal }[] {
    const known = this.#metrics.get(metric);
    if (known === undefined) return [];
    const groups = new Map<string, { readonly tags: Tags; readonly total: SeriesTotal }>();
    for (const { tags, total } of known.series.values()) {
      if (!only(tags)) continue;
      const own = Object.fromEntries(tagNames.map((tag) => [tag, tags[tag] ?? '']));
      const key = keyOfTags(own);
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = { tags: own, total: emptyTotal(known.type) }));
      addToTotal(known.type, group.total, total);
    }
    return [...groups.values()];
  }
}

/**
 * Whether a series is of requests that were answered as expected, by k6's system tag `expected_response`: a refused
 * connection takes no time, and would make a target look fast that answers nothing. True where the tag was not recorded.
 */
export function isAnswered(tags: Tags): boolean {
  return tags['expected_response'] !== 'false';
}

/** Sum of a counter; 0 where there is none. */
export function sumOf(total: SeriesTotal | undefined): number {
  return total !== undefined && 'sum' in total ? total.sum : 0;
}

/** Samples of a rate, and those that were not zero; 0 where there is none. */
export function rateOf(total: SeriesTotal | undefined): { readonly samples: number; readonly passes: number } {
  return total !== undefined && 'passes' in total ? total : { samples: 0, passes: 0 };
}
