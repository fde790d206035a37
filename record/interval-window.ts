import { emptyTotal } from '../contract/series-counts.ts';
import type { SeriesName, SeriesTotal } from '../contract/series-counts.ts';

/** A series that is being recorded, by the number that it has in the file. */
export interface RecordedSeries extends SeriesName {
  readonly number: number;
  /** The interval that was written to last, and what it holds: most samples come for the same one as the sample before. */
  latest: number;
  total: SeriesTotal | undefined;
  /** A trend's memory, to be used again by the next interval: new memory for each would grow faster than it is collected. */
  spare: SeriesTotal | undefined;
}

/** Intervals that are open at a time: samples come out of order by as much. Older ones get a further line (series-file.ts). */
const OPEN_INTERVALS = 4;
/** Series with samples in open intervals, all together: bounds the memory, about half a kilobyte each. */
export const OPEN_CELLS = 12_000;

/** What an interval holds when it is over; only for as long as `close` looks at it. */
export type ClosedInterval = ReadonlyMap<RecordedSeries, SeriesTotal>;

/**
 * Samples on their way into intervals, in constant memory: the latest intervals are open, the oldest is given to `close` when
 * a newer one comes, or when too many series are open.
 */
export class IntervalWindow {
  readonly #open = new Map<number, Map<RecordedSeries, SeriesTotal>>();
  readonly #close: (index: number, closed: ClosedInterval) => void;
  #cells = 0;

  constructor(close: (index: number, closed: ClosedInterval) => void) {
    this.#close = close;
  }

  /** What a series holds in an interval, to be added to before anything else is asked for. */
  totalOf(index: number, series: RecordedSeries): SeriesTotal {
    if (series.latest === index && series.total !== undefined) return series.total;
    let total = this.#open.get(index)?.get(series);
    if (total === undefined) {
      if (this.#cells >= OPEN_CELLS) this.#closeOldest();
      total = series.spare ?? emptyTotal(series.type);
      series.spare = undefined;
      this.#cellsOf(index).set(series, total);
      this.#cells++;
    }
    series.latest = index;
    series.total = total;
    return total;
  }

  /** An interval's series, to be added to at once: none is open and empty, so that closing one always makes room. */
  #cellsOf(index: number): Map<RecordedSeries, SeriesTotal> {
    let cells = this.#open.get(index);
    if (cells === undefined) {
      if (this.#open.size >= OPEN_INTERVALS) this.#closeOldest();
      cells = new Map<RecordedSeries, SeriesTotal>();
      this.#open.set(index, cells);
    }
    return cells;
  }

  /** Closes everything, oldest first. */
  end(): void {
    while (this.#open.size > 0) this.#closeOldest();
  }

  #closeOldest(): void {
    const oldest = Math.min(...this.#open.keys());
    const cells = this.#open.get(oldest)!;
    this.#open.delete(oldest);
    this.#cells -= cells.size;
    for (const series of cells.keys()) if (series.latest === oldest) series.total = undefined;
    this.#close(oldest, cells);
    for (const [series, total] of cells) {
      if (!('histogram' in total)) continue;
      total.histogram.clear();
      series.spare = total;
    }
  }
}
