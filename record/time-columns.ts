/**
 * A time axis of bounded length for runs of unknown length. Each column sums `perColumn` adjacent intervals; when an
 * interval falls beyond the last column, columns are merged in pairs until it fits. What merges exactly (counts,
 * histograms) stays exact.
 */
export class TimeColumns<Column> {
  readonly #most: number;
  readonly #empty: () => Column;
  readonly #merge: (into: Column, other: Column) => void;
  #columns: (Column | undefined)[] = [];
  #perColumn = 1;

  /** `most`: maximum number of columns, at least 2. */
  constructor(most: number, empty: () => Column, merge: (into: Column, other: Column) => void) {
    this.#most = most;
    this.#empty = empty;
    this.#merge = merge;
  }

  /** The column of an interval, created if needed. */
  at(interval: number): Column {
    while (Math.floor(interval / this.#perColumn) >= this.#most) this.#halve();
    const column = Math.floor(interval / this.#perColumn);
    return (this.#columns[column] ??= this.#empty());
  }

  #halve(): void {
    this.#perColumn *= 2;
    const merged: (Column | undefined)[] = [];
    this.#columns.forEach((column, at) => {
      if (column === undefined) return;
      const into = merged[at >> 1];
      if (into === undefined) merged[at >> 1] = column;
      else this.#merge(into, column);
    });
    this.#columns = merged;
  }

  /** Intervals per column. */
  get perColumn(): number {
    return this.#perColumn;
  }

  /** All columns up to the last one used; undefined where nothing was recorded. */
  list(): readonly (Column | undefined)[] {
    return Array.from(this.#columns);
  }
}
