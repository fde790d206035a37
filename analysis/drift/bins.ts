import { meanOf, variances } from '../autoregression.ts';
import { mser5 } from '../mser5.ts';
import type { Point } from './series.ts';
import { detrended, senSlope } from './trend-test.ts';

/** Approximate number of bins per run, and the shortest and longest bin in seconds. */
const BINS = 480;
const [SHORTEST, LONGEST] = [1, 300];

/** Length of a bin: about 480 per run, a minute for 8 h. In seconds of the drift clock, `clock` per real second. */
export const binSeconds = (seconds: number, clock = 1): number =>
  Math.min(LONGEST, Math.max(SHORTEST * clock, seconds / BINS));

/** Seconds that are at least skipped at the beginning of a run: ten minutes, or 5 %. */
export const leastSkip = (seconds: number): number => Math.max(600, seconds / 20);

/** Averages points per bin, at the bin's middle, for sources that report more often, such as scrapes. */
export function binned(points: readonly Point[], seconds: number): Point[] {
  const bins = new Map<number, number[]>();
  for (const { t, y } of points) {
    const bin = Math.floor(t / seconds);
    bins.set(bin, [...(bins.get(bin) ?? []), y]);
  }
  return [...bins].sort(([a], [b]) => a - b).map(([bin, ys]) => ({ t: (bin + 0.5) * seconds, y: meanOf(ys) }));
}

/** The minimum of each group of `size` consecutive points. An incomplete last group is dropped. */
export function floors(t: Float64Array, y: Float64Array, size: number): { t: Float64Array; y: Float64Array } {
  const groups = Math.floor(y.length / size);
  const of = (values: Float64Array, take: (part: Float64Array) => number): Float64Array =>
    Float64Array.from({ length: groups }, (_, g) => take(values.subarray(g * size, (g + 1) * size)));
  return { t: of(t, meanOf), y: of(y, (part) => Math.min(...part)) };
}

/** Number of standard errors by which the beginning must differ to be a warm-up. */
const SURELY = 4;

/**
 * Number of warm-up points at the beginning: what MSER-5 cuts from the residuals about Sen's slope (from the values
 * themselves it would cut a drift), if the mean of the cut part clearly differs from the rest; otherwise 0. Without the
 * second condition it cuts up to half of a series that wanders, and with it the power to find a drift.
 */
export function warmUp(t: Float64Array, y: Float64Array): number {
  const residuals = detrended(t, y, senSlope(t, y));
  const cut = mser5(residuals) ?? 0;
  if (cut === 0) return 0;
  const [head, rest] = [residuals.subarray(0, cut), residuals.subarray(cut)];
  const standardError = Math.sqrt(variances(rest).longRun * (1 / head.length + 1 / rest.length));
  return Math.abs(meanOf(head) - meanOf(rest)) > SURELY * standardError ? cut : 0;
}
