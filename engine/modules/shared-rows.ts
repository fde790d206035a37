/** The rows of a SharedArray as JSON, stored once for all threads of the process in shared memory. */
export interface SharedRows {
  /** All rows, concatenated, in UTF-8. */
  readonly bytes: SharedArrayBuffer;
  /** End of each row; a `Float64Array`, because the total may exceed 4 GiB. */
  readonly ends: SharedArrayBuffer;
}

/** Stores rows. */
export function sharedRows(rows: readonly string[]): SharedRows {
  const ends = new Float64Array(new SharedArrayBuffer(rows.length * 8));
  let end = 0;
  rows.forEach((row, at) => (ends[at] = end += Buffer.byteLength(row)));
  const bytes = new SharedArrayBuffer(end);
  const buffer = Buffer.from(bytes);
  let start = 0;
  for (const row of rows) start += buffer.write(row, start);
  return { bytes, ends: ends.buffer };
}

/** Reads rows. */
export function rowReader({ bytes, ends }: SharedRows): {
  readonly length: number;
  readonly at: (n: number) => string;
} {
  const buffer = Buffer.from(bytes);
  const endOf = new Float64Array(ends);
  return {
    length: endOf.length,
    at: (n) => buffer.toString('utf8', n === 0 ? 0 : endOf[n - 1]!, endOf[n]),
  };
}
