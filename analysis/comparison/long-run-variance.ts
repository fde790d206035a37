/**
 * How much the mean of a run's intervals varies: the long-run variance of a series, and what a block bootstrap makes of it.
 */
import { politisWhiteLength } from './block-length.ts';

/** Fewest intervals in a block: at lower numbers of intervals dependence cannot be seen, which does not mean that there is none. */
const SHORTEST_BLOCK = 5;
/** Blocks are at least this part of the series: weak but slow dependence is hidden by the scatter of few samples. */
const LEAST_PART = 1 / 10;
/** And at most this part, so that some are left to resample. */
const LARGEST_PART = 1 / 4;
/** Largest coefficient that prewhitening takes out (Andrews & Monahan 1992 use 0.97). */
const LARGEST_COEFFICIENT = 0.97;

/** How to resample a series, and how far its variance can be trusted. */
export interface Dependence {
  /** Intervals in a block. */
  readonly blockLength: number;
  /** What the standard error of a circular block bootstrap has to be multiplied with. */
  readonly inflation: number;
  /** Degrees of freedom of Student's t for a standard error that was got so. */
  readonly degrees: number;
}

/**
 * Measures the dependence of a series, which is a statistic's influence by interval (see percentile-estimate.ts).
 *
 * Block length: that of Politis & White (block-length.ts), at least 5 intervals and a tenth of the series, at most a quarter.
 *
 * The bootstrap's variance is too small, for three reasons that are known, so three corrections follow:
 * - blocks of length l from n intervals are centred at the mean of those same n: × 1/(1 − l/n);
 * - it is itself an estimate with about 1.5·n/l degrees of freedom, as the variance of a Bartlett estimator says. Together with
 *   the first this gives the "fixed-b" critical values of N. M. Kiefer, T. J. Vogelsang, Econometric Theory 21 (2005) 1130–1164,
 *   to 1 %;
 * - blocks cut dependence off at their ends, the more the slower it decays. Where the first autocorrelation is significant, the
 *   variance is estimated a second time after prewhitening by an autoregression (D. W. K. Andrews, J. C. Monahan, Econometrica 60
 *   (1992) 953–966), whose coefficient has Kendall's bias correction (1 + 3ρ)/n, and the larger one counts. The degrees are
 *   then at most n(1 − ρ)/(2(1 + ρ)), what the scatter of ρ leaves (delta method).
 */
export function dependenceOf(series: Float64Array): Dependence {
  const n = series.length;
  const blockLength = lengthFor(series);
  const plain = blockVariance(series, blockLength);
  let degrees = (1.5 * n) / blockLength;
  if (!(plain > 0)) return { blockLength, inflation: Math.sqrt(n / (n - blockLength)), degrees };
  const { coefficient, residuals } = prewhitened(series);
  let whole = plain;
  if (coefficient > 0) {
    whole = Math.max(plain, blockVariance(residuals, lengthFor(residuals)) / (1 - coefficient) ** 2);
    degrees = Math.min(degrees, (n * (1 - coefficient)) / (2 * (1 + coefficient)));
  }
  return { blockLength, inflation: Math.sqrt((whole / plain) * (n / (n - blockLength))), degrees: Math.max(1, degrees) };
}

function lengthFor(series: Float64Array): number {
  const n = series.length;
  const wanted = Math.max(SHORTEST_BLOCK, n * LEAST_PART, politisWhiteLength(series));
  return Math.max(1, Math.min(Math.floor(n * LARGEST_PART), Math.ceil(wanted)));
}

/** Long-run variance as a circular block bootstrap of the mean has it, in closed form: the mean square of all block sums, by length. */
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

/** Takes a first-order autoregression out of a series; coefficient 0 where the first autocorrelation is not above 2/√n. */
function prewhitened(series: Float64Array): { readonly coefficient: number; readonly residuals: Float64Array } {
  const n = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  let squares = 0;
  let products = 0;
  for (let t = 0; t < n; t++) {
    const here = series[t]! - mean;
    squares += here * here;
    if (t > 0) products += here * (series[t - 1]! - mean);
  }
  const measured = products / squares;
  const corrected = Math.min(LARGEST_COEFFICIENT, measured + (1 + 3 * measured) / n);
  if (!(corrected > 2 / Math.sqrt(n))) return { coefficient: 0, residuals: series };
  const residuals = new Float64Array(n - 1);
  for (let t = 1; t < n; t++) residuals[t - 1] = series[t]! - mean - corrected * (series[t - 1]! - mean);
  return { coefficient: corrected, residuals };
}
