import { meanOf, variances } from '../autoregression.ts';
import { mser5 } from '../mser5.ts';
import type { Point } from './series.ts';
import { detrended, senSlope } from './trend-test.ts';

/** Bins of a run, about; the shortest and the longest, in seconds. */
const BINS = 480;
const [SHORTEST, LONGEST] = [1, 300];

/** Length of a bin: about 480 to a run, a minute of eight hours. In seconds of the drift clock, of which one passes in 1/`clock`. */
export const binSeconds = (seconds: number, clock = 1): number =>
  Math.min(LONGEST, Math.max(SHORTEST * clock, seconds / BINS));

/** What is left out of every run at least: ten minutes, or a twentieth. */
export const leastSkip = (seconds: number): number => Math.max(600, seconds / 20);

/** Points that came more often, as scrapes do, one per bin at its middle: their mean. */
export function binned(points: readonly Point[], seconds: number): Point[] {
  const bins = new Map<number, number[]>();
  for (const { t, y } of points) {
    const bin = Math.floor(t / seconds);
    bins.set(bin, [...(bins.get(bin) ?? []), y]);
  }
  return [...bins].sort(([a], [b]) => a - b).map(([bin, ys]) => ({ t: (bin + 0.5) * seconds, y: meanOf(ys) }));
}

/** The smallest of each `size` points in a row. What is left at the end is left out. */
export function floors(t: Float64Array, y: Float64Array, size: number): { t: Float64Array; y: Float64Array } {
  const groups = Math.floor(y.length / size);
  const of = (values: Float64Array, take: (part: Float64Array) => number): Float64Array =>
    Float64Array.from({ length: groups }, (_, g) => take(values.subarray(g * size, (g + 1) * size)));
  return { t: of(t, meanOf), y: of(y, (part) => Math.min(...part)) };
}

/** How many standard errors the beginning must be off to be a warm-up. */
const SURELY = 4;

/**
 * Points of a warm-up at the beginning: what MSER-5 leaves out of the residuals about Sen's slope (of the values themselves it would
 * leave out a drift), if the mean of what it leaves out is surely off from the rest; else 0. Without the second condition it cuts
 * up to half of a series that wanders, and with it the power to find a drift.
 */
export function warmUp(t: Float64Array, y: Float64Array): number {
  const residuals = detrended(t, y, senSlope(t, y));
  const cut = mser5(residuals) ?? 0;
  if (cut === 0) return 0;
  const [head, rest] = [residuals.subarray(0, cut), residuals.subarray(cut)];
  const standardError = Math.sqrt(variances(rest).longRun * (1 / head.length + 1 / rest.length));
  return Math.abs(meanOf(head) - meanOf(rest)) > SURELY * standardError ? cut : 0;
}
