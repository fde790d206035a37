import { addToTotal, countsOf, emptyTotal, keyOfTags } from '../../contract/series-counts.ts';
import type {
  NamedSeries,
  NumberedInterval,
  SeriesCounts,
  SeriesName,
  SeriesTotal,
} from '../../contract/series-counts.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import type { Increments } from './increments.ts';

/** Receives what was recorded, interval by interval. */
export type IntervalListener = (interval: NumberedInterval) => void;

/** Input of one registry, of any thread. */
interface IncrementSource {
  /** Adds increments recorded in an interval. */
  readonly add: (index: number, increments: Increments) => void;
  /** No more increments are expected for intervals up to this one. */
  readonly passed: (index: number) => void;
}

/** A series, and whether it was announced to the listener. */
interface KnownSeries extends NamedSeries {
  announced: boolean;
}

/**
 * The only path from threads to listeners: totals of the whole run, and intervals merged from all registries, each
 * emitted once all registries are past it. Late samples are emitted as another part of their interval, so nothing is
 * lost and nothing waits.
 */
export class Collector {
  readonly #listener: IntervalListener | undefined;
  readonly #series = new Map<string, KnownSeries>();
  /** A series' part as it came, the usual case, or the total of several. */
  readonly #byIndex = new Map<number, Map<KnownSeries, SeriesCounts | SeriesTotal>>();
  readonly #passed: number[] = [];

  constructor(listener: IntervalListener | undefined) {
    this.#listener = listener;
  }

  /** Adds a registry, whose increments are summed up in `totals`. */
  source(totals: SeriesTotals): IncrementSource {
    const row = this.#passed.push(-1) - 1;
    const byNumber = new Map<number, KnownSeries>();
    return {
      add: (index, { named, recorded }) => {
        for (const series of named) byNumber.set(series.number, this.#known(series));
        const parts = recorded.map(([number, counts]) => [byNumber.get(number)!, counts] as const);
        totals.add({ recorded: parts });
        if (this.#listener !== undefined) for (const [series, counts] of parts) this.#add(index, series, counts);
      },
      passed: (index) => {
        this.#passed[row] = index;
        this.emitUpTo(Math.min(...this.#passed));
      },
    };
  }

  emitUpTo(last: number): void {
    const due = [...this.#byIndex.keys()].filter((index) => index <= last).sort((a, b) => a - b);
    for (const index of due) {
      const parts = this.#byIndex.get(index)!;
      this.#byIndex.delete(index);
      const named = [...parts.keys()].filter(({ announced: told }) => !told);
      this.#listener?.({
        index,
        named: named.map(({ number, metric, type, contains, tags }) => ({ number, metric, type, contains, tags })),
        recorded: [...parts].map(([{ number }, part]) => [number, countsOf(part)] as const),
      });
      for (const series of named) series.announced = true;
    }
  }

  #known({ metric, type, contains, tags }: SeriesName): KnownSeries {
    const key = `${metric} ${keyOfTags(tags)}`;
    let known = this.#series.get(key);
    if (known === undefined) {
      known = { number: this.#series.size, metric, type, contains, tags, announced: false };
      this.#series.set(key, known);
    }
    return known;
  }

  #add(index: number, series: KnownSeries, counts: SeriesCounts): void {
    let parts = this.#byIndex.get(index);
    if (parts === undefined) this.#byIndex.set(index, (parts = new Map<KnownSeries, SeriesCounts | SeriesTotal>()));
    const before = parts.get(series);
    if (before === undefined) {
      parts.set(series, counts);
      return;
    }
    const total = emptyTotal(series.type);
    addToTotal(series.type, total, before);
    addToTotal(series.type, total, counts);
    parts.set(series, total);
  }
}
