import type { uniformNumbers } from '../../contract/draw.ts';

/** Ranges of intervals, from `from` up to but excluding `to`; together they form one resample. */
export interface Stretches {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly count: number;
}

/**
 * Draws resamples of a circular block bootstrap: blocks of consecutive intervals with random starts, wrapping around at
 * the end, until the length of the series is reached (H. R. Künsch, Annals of Statistics 17 (1989) 1217–1241; D. N.
 * Politis, J. P. Romano, "A circular block-resampling procedure for stationary data", 1992). The block length is fixed:
 * the stationary bootstrap with random lengths (Politis & Romano, JASA 89 (1994) 1303–1313) needs more intervals for
 * the same accuracy (Lahiri 1999). Each call overwrites the same object.
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
