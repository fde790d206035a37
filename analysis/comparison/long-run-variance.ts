import { politisWhiteLength } from './block-length.ts';
import { persistentVariance } from './persistence.ts';

/** Minimum block length: dependence that a short series cannot show may still exist. */
const SHORTEST_BLOCK = 5;
/** Minimum block length as part of the series, for the same reason. */
const LEAST_PART = 1 / 8;
/** Maximum, so that there are enough blocks to resample. */
const LARGEST_PART = 1 / 4;

/** How to resample a series, and corrections for its variance. */
interface Dependence {
  /** Intervals per block. */
  readonly blockLength: number;
  /** Factor for the standard error of a circular block bootstrap. */
  readonly inflation: number;
  /** Degrees of freedom of Student's t for that standard error. */
  readonly degrees: number;
}

/**
 * Estimates the dependence of a statistic's influence series (bucket-matrix.ts). `decay` is that of the run
 * (persistence.ts).
 *
 * Block length: by Politis & White (block-length.ts), but at least 5 intervals and an eighth, at most a quarter of the
 * series.
 *
 * The variance of the bootstrap is too small, for known reasons:
 * - Blocks of length l out of n intervals are centred at the mean of the same n: × 1/(1 − l/n).
 * - It is an estimate with about 1.5·n/l degrees of freedom (variance of a Bartlett estimator). Both together give the
 *   "fixed-b" critical values of N. M. Kiefer, T. J. Vogelsang, Econometric Theory 21 (2005) 1130–1164, to about 1 %.
 * - Blocks cut off dependence at their ends. So the variance is also estimated by a model (persistence.ts), and the
 *   larger estimate counts.
 */
export function dependenceOf(series: Float64Array, decay: number): Dependence {
  const n = series.length;
  const wanted = Math.max(SHORTEST_BLOCK, n * LEAST_PART, politisWhiteLength(series));
  const blockLength = Math.max(1, Math.min(Math.floor(n * LARGEST_PART), Math.ceil(wanted)));
  const plain = blockVariance(series, blockLength);
  const centred = (plain * n) / (n - blockLength);
  const whole = Math.max(centred, persistentVariance(series, decay));
  return { blockLength, inflation: plain > 0 ? Math.sqrt(whole / plain) : 1, degrees: (1.5 * n) / blockLength };
}

/**
 * Long-run variance of a circular block bootstrap of the mean, in closed form: the mean square of all block sums about
 * their mean, divided by the block length.
 */
export function blockVariance(series: Float64Array, blockLength: number): number {
  const n = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  let block = 0;
  for (let t = 0; t < blockLength; t++) block += series[t]! - mean;
  let squares = 0;
  for (let t = 0; t < n; t++) {
    squares += block * block;
    block += series[(t + blockLength) % n]! - series[t]!;
  }
  return squares / n / blockLength;
}
