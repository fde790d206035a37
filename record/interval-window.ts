import { emptyTotal } from '../contract/series-counts.ts';
import type { SeriesName, SeriesTotal } from '../contract/series-counts.ts';

/** A series being recorded, with its number in the file. */
export interface RecordedSeries extends SeriesName {
  readonly number: number;
  /** The interval last written to, and its total: most samples fall into the same interval as the previous one. */
  latest: number;
  total: SeriesTotal | undefined;
}

/** Intervals open at a time, as samples may arrive out of order; older ones get another line (series-file.ts). */
const OPEN_INTERVALS = 4;
/** Maximum number of series in all open intervals; bounds memory at about half a kilobyte each. */
export const OPEN_CELLS = 12_000;

/** Content of a closed interval; valid only during the call of `close`. */
export type ClosedInterval = ReadonlyMap<RecordedSeries, SeriesTotal>;

/**
 * Groups samples into intervals in constant memory. The oldest open interval is passed to `close` when a newer one
 * starts or when too many series are open.
 */
export class IntervalWindow {
  readonly #open = new Map<number, Map<RecordedSeries, SeriesTotal>>();
  /** Totals of trends, reused by the next interval: a new one per interval grows the heap faster than it is collected. */
  readonly #spare = new Map<RecordedSeries, SeriesTotal>();
  readonly #close: (index: number, closed: ClosedInterval) => void;
  #cells = 0;

  constructor(close: (index: number, closed: ClosedInterval) => void) {
    this.#close = close;
  }

  /** Total of a series in an interval; the caller must add to it before the next call. */
  totalOf(index: number, series: RecordedSeries): SeriesTotal {
    if (series.latest === index && series.total !== undefined) return series.total;
    let total = this.#open.get(index)?.get(series);
    if (total === undefined) {
      if (this.#cells >= OPEN_CELLS) this.#closeOldest();
      total = this.#spare.get(series) ?? emptyTotal(series.type);
      this.#spare.delete(series);
      this.#cellsOf(index).set(series, total);
      this.#cells++;
    }
    series.latest = index;
    series.total = total;
    return total;
  }

  /** The series of an interval. The caller adds one at once: no open interval is empty, so closing one makes room. */
  #cellsOf(index: number): Map<RecordedSeries, SeriesTotal> {
    let cells = this.#open.get(index);
    if (cells === undefined) {
      if (this.#open.size >= OPEN_INTERVALS) this.#closeOldest();
      cells = new Map<RecordedSeries, SeriesTotal>();
      this.#open.set(index, cells);
    }
    return cells;
  }

  /** Closes all intervals before one, oldest first: for writers who know that nothing more of them comes. */
  closeBefore(index: number): void {
    while (this.#open.size > 0 && Math.min(...this.#open.keys()) < index) this.#closeOldest();
  }

  /** Closes all intervals, oldest first. */
  end(): void {
    this.closeBefore(Infinity);
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
      this.#spare.set(series, total);
    }
  }
}
