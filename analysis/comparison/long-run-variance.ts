import { politisWhiteLength } from './block-length.ts';
import { persistentVariance } from './persistence.ts';

/** Fewest intervals in a block: dependence that short series cannot show is not absent. */
const SHORTEST_BLOCK = 5;
/** Blocks are at least this part of the series, for the same reason. */
const LEAST_PART = 1 / 8;
/** And at most this part, so that some are left to resample. */
const LARGEST_PART = 1 / 4;

/** How to resample a series, and how far its variance can be trusted. */
interface Dependence {
  /** Intervals in a block. */
  readonly blockLength: number;
  /** What the standard error of a circular block bootstrap has to be multiplied with. */
  readonly inflation: number;
  /** Degrees of freedom of Student's t for a standard error that was got so. */
  readonly degrees: number;
}

/**
 * Measures the dependence of a series, which is a statistic's influence by interval (bucket-matrix.ts). `decay` is that of its run
 * (persistence.ts).
 *
 * Block length: that of Politis & White (block-length.ts), at least 5 intervals and an eighth of the series, at most a quarter.
 *
 * The bootstrap's variance is too small, for reasons that are known, so corrections follow:
 * - blocks of length l from n intervals are centred at the mean of those same n: × 1/(1 − l/n);
 * - it is itself an estimate with about 1.5·n/l degrees of freedom, as the variance of a Bartlett estimator says. Together with
 *   the first this gives the "fixed-b" critical values of N. M. Kiefer, T. J. Vogelsang, Econometric Theory 21 (2005) 1130–1164,
 *   to about 1 %;
 * - blocks cut dependence off at their ends, the more the slower it decays. So the variance is estimated a second time by a model
 *   (persistence.ts), and the larger one counts.
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
 * Long-run variance as a circular block bootstrap of the mean has it, in closed form: the mean square of the sums of all blocks
 * about their mean, by length.
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
