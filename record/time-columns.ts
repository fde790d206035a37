/**
 * A time axis of bounded length. Each column holds the sum of `perColumn` neighbouring intervals; when an interval lies beyond the
 * last column, neighbouring columns are merged in pairs until it fits. What merges exactly (counts, histograms) stays exact,
 * whatever the length of the run, and nobody has to know that length ahead.
 */
export class TimeColumns<Column> {
  readonly #most: number;
  readonly #empty: () => Column;
  readonly #merge: (into: Column, other: Column) => void;
  #columns: (Column | undefined)[] = [];
  #perColumn = 1;

  /** `most`: largest number of columns; at least 2. */
  constructor(most: number, empty: () => Column, merge: (into: Column, other: Column) => void) {
    this.#most = most;
    this.#empty = empty;
    this.#merge = merge;
  }

  /** The column of an interval, made if need be. */
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

  /** Intervals to a column. */
  get perColumn(): number {
    return this.#perColumn;
  }

  /** All columns from the start to the last one that was asked for; undefined where nothing was. */
  list(): readonly (Column | undefined)[] {
    return Array.from(this.#columns);
  }
}
