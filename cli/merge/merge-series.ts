import { ConfigurationError } from '../../contract/configuration-error.ts';
import { addToTotal, keyOfTags } from '../../contract/series-counts.ts';
import type { Interval, SeriesName } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { IntervalWindow } from '../../record/interval-window.ts';
import type { ClosedInterval, RecordedSeries } from '../../record/interval-window.ts';
import type { Part } from './parts.ts';

export interface MergedSeries {
  readonly totals: SeriesTotals;
  /** Number of intervals of each part, counted from its own start. */
  readonly lengths: readonly number[];
  /** Recorded series of each part. */
  readonly recorded: readonly (readonly SeriesName[])[];
}

/**
 * Sums the intervals of all parts, reading them in parallel so that memory does not grow with their length. `close`
 * receives each finished interval of the whole. Throws a ConfigurationError if a metric has two types.
 */
export async function mergeSeries(
  parts: readonly Part[],
  close: (index: number, closed: ClosedInterval) => void,
): Promise<MergedSeries> {
  const totals = new SeriesTotals();
  const window = new IntervalWindow((index, closed) => {
    totals.add({ recorded: [...closed] });
    close(index, closed);
  });
  const table = new SeriesTable();
  const lengths = parts.map(() => 0);
  const readers = await Promise.all(
    parts.map(async (part, at) => {
      const intervals = part.intervals()[Symbol.asyncIterator]();
      const known = new Map<SeriesName, RecordedSeries>();
      return { part, at, intervals, known, next: await following(intervals) };
    }),
  );
  for (;;) {
    const reader = readers.reduce<(typeof readers)[number] | undefined>(
      (least, one) => (one.next !== undefined && (least === undefined || indexOf(one) < indexOf(least)) ? one : least),
      undefined,
    );
    if (reader?.next === undefined) break;
    const { part, at, known, next } = reader;
    window.closeBefore(indexOf(reader));
    for (const [name, counts] of next.recorded) {
      let series = known.get(name);
      if (series === undefined) known.set(name, (series = table.of(name, part.folder)));
      addToTotal(series.type, window.totalOf(next.index + part.shift, series), counts);
    }
    lengths[at] = Math.max(lengths[at]!, next.index + 1);
    reader.next = await following(reader.intervals);
  }
  window.end();
  return { totals, lengths, recorded: readers.map(({ known }) => [...known.keys()]) };
}

function indexOf({ part, next }: { readonly part: Part; readonly next: Interval | undefined }): number {
  return next!.index + part.shift;
}

async function following(intervals: AsyncIterator<Interval>): Promise<Interval | undefined> {
  const next = await intervals.next();
  return next.done === true ? undefined : next.value;
}

/** The series of the whole, one per metric and tag set. */
class SeriesTable {
  readonly #series = new Map<string, RecordedSeries>();
  readonly #types = new Map<string, { readonly type: string; readonly folder: string }>();

  of(name: SeriesName, folder: string): RecordedSeries {
    const { metric, type, contains, tags } = name;
    const first = this.#types.get(metric) ?? { type, folder };
    this.#types.set(metric, first);
    if (first.type !== type)
      throw new ConfigurationError(
        `metric ${metric} is a ${first.type} in ${first.folder} but a ${type} in ${folder}; merge takes the parts of one run`,
      );
    const key = `${metric} ${keyOfTags(tags)}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = {
        metric,
        type,
        contains,
        tags,
        number: this.#series.size,
        latest: -1,
        total: undefined,
      };
      this.#series.set(key, series);
    }
    return series;
  }
}
