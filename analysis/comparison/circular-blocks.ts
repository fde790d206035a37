import type { uniformNumbers } from './random.ts';

/** Stretches of intervals, each from `from` up to, not with, `to`; together they are one resample. */
export interface Stretches {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly count: number;
}

/**
 * Draws resamples of a circular block bootstrap: blocks of consecutive intervals, each beginning anywhere, the last interval
 * followed by the first, as many as make a series of the same length (H. R. Künsch, Annals of Statistics 17 (1989) 1217–1241;
 * D. N. Politis, J. P. Romano, "A circular block-resampling procedure for stationary data", 1992). Blocks of fixed length, because
 * the stationary bootstrap of random lengths (Politis & Romano, JASA 89 (1994) 1303–1313) needs more intervals for the same
 * accuracy (Lahiri 1999). The object is filled anew by each call.
 */
export function circularBlocks(
  length: number,
  blockLength: number,
  next: ReturnType<typeof uniformNumbers>,
): () => Stretches {
  const most = 2 * Math.ceil(length / blockLength);
  const stretches = { from: new Int32Array(most), to: new Int32Array(most), count: 0 };
  return () => {
    let count = 0;
    for (let left = length; left > 0; left -= blockLength) {
      const start = Math.floor(next() * length);
      const end = start + Math.min(blockLength, left);
      stretches.from[count] = start;
      stretches.to[count++] = Math.min(end, length);
      if (end > length) {
        stretches.from[count] = 0;
        stretches.to[count++] = end - length;
      }
    }
    stretches.count = count;
    return stretches;
  };
}
