import { addToTotal, emptyTotal, keyOfTags } from './series-counts.ts';
import type { AddedInterval, SeriesName, SeriesTotal, Tags } from './series-counts.ts';
import { carries, resolveSelector } from './threshold-expression.ts';

/** A metric, whatever its tags. */
export type MetricKind = Pick<SeriesName, 'metric' | 'type' | 'contains'>;

interface TaggedTotal {
  readonly tags: Tags;
  readonly total: SeriesTotal;
}

interface MetricTotals extends MetricKind {
  readonly series: TaggedTotal[];
  readonly byTags: Map<string, TaggedTotal>;
}

/** The series that match a selector; each is checked once. */
interface Selection {
  readonly known: MetricTotals;
  readonly wanted: readonly (readonly [string, string])[];
  readonly matching: TaggedTotal[];
  looked: number;
}

/**
 * The exact sum of intervals, by metric and tag set. Adding the parts of a run in any order gives the totals of the
 * whole.
 */
export class SeriesTotals {
  readonly #metrics = new Map<string, MetricTotals>();
  readonly #selections = new Map<string, Selection>();
  /** Totals by the identity of the reader's series objects. */
  readonly #known = new WeakMap<SeriesName, SeriesTotal>();

  /** Adds an interval. Throws a RangeError if a metric has two types. */
  add({ recorded }: Pick<AddedInterval, 'recorded'>): void {
    for (const [series, counts] of recorded) addToTotal(series.type, this.totalOf(series), counts);
  }

  /** The live total of a series. Throws a RangeError if its metric has two types. */
  totalOf(series: SeriesName): SeriesTotal {
    let total = this.#known.get(series);
    if (total !== undefined) return total;
    const { type, tags } = series;
    const known = this.#metricOf(series);
    const key = keyOfTags(tags);
    let entry = known.byTags.get(key);
    if (entry === undefined) {
      entry = { tags, total: emptyTotal(type) };
      known.byTags.set(key, entry);
      known.series.push(entry);
    }
    ({ total } = entry);
    this.#known.set(series, total);
    return total;
  }

  /** Registers a metric, which need not have samples. */
  define(kind: MetricKind): void {
    this.#metricOf(kind);
  }

  #metricOf({ metric, type, contains }: MetricKind): MetricTotals {
    let known = this.#metrics.get(metric);
    if (known === undefined) {
      known = { metric, type, contains, series: [], byTags: new Map<string, TaggedTotal>() };
      this.#metrics.set(metric, known);
    }
    if (known.type !== type)
      throw new RangeError(`metric ${metric} is a ${known.type} in one place and a ${type} in another`);
    return known;
  }

  /** All metrics that have samples or are defined. */
  metrics(): readonly MetricKind[] {
    return [...this.#metrics.values()].map(({ metric, type, contains }) => ({ metric, type, contains }));
  }

  /** The metric of a selector; undefined if there is none. Throws a ConfigurationError for an invalid selector. */
  metricOf(selector: string): MetricKind | undefined {
    return this.#selection(selector)?.known;
  }

  /** All series of a metric. */
  series(metric: string): readonly TaggedTotal[] {
    return this.#metrics.get(metric)?.series ?? [];
  }

  /**
   * The total of all series that match a selector (`metric{tag:value}`) and `only`; undefined without samples. Read it
   * at once: it may be a live total. Throws a ConfigurationError for an invalid selector.
   */
  select(selector: string, only?: (tags: Tags) => boolean): SeriesTotal | undefined {
    const selection = this.#selection(selector);
    if (selection === undefined) return undefined;
    const { known, matching } = selection;
    const parts = only === undefined ? matching : matching.filter(({ tags }) => only(tags));
    if (parts.length <= 1) return parts[0]?.total;
    const sum = emptyTotal(known.type);
    for (const { total } of parts) addToTotal(known.type, sum, total);
    return sum;
  }

  #selection(selector: string): Selection | undefined {
    let selection = this.#selections.get(selector);
    if (selection === undefined) {
      const { metric, tags } = resolveSelector(selector, (name) => this.#metrics.has(name));
      const known = this.#metrics.get(metric);
      if (known === undefined) return undefined;
      selection = { known, wanted: Object.entries(tags), matching: [], looked: 0 };
      this.#selections.set(selector, selection);
    }
    const { known, wanted, matching } = selection;
    for (; selection.looked < known.series.length; selection.looked++) {
      const entry = known.series[selection.looked]!;
      if (carries(entry.tags, wanted)) matching.push(entry);
    }
    return selection;
  }

  /** Totals of a metric grouped by some of its tags, for series that match `only`; a missing tag counts as empty. */
  breakdown(
    metric: string,
    tagNames: readonly string[],
    only: (tags: Tags) => boolean = () => true,
  ): readonly TaggedTotal[] {
    const known = this.#metrics.get(metric);
    if (known === undefined) return [];
    const groups = new Map<string, TaggedTotal>();
    for (const { tags, total } of known.series) {
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
