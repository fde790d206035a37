import { twoSidedP } from '../comparison/student-t.ts';
import { lagOne, meanOf, variances } from '../autoregression.ts';
import { normalP } from './normal.ts';

/** Result of a trend test. Slopes in units of y per unit of t. */
export interface TrendTest {
  /** Sen's slope. */
  readonly slope: number;
  /** Two-sided: the larger p-value of both tests. */
  readonly p: number;
  readonly pMannKendall: number;
  readonly pGuard: number;
  /** Standard error of the slope and its degrees of freedom, from the guard. */
  readonly standardError: number;
  readonly degrees: number;
  /** Lag-1 autocorrelation of the residuals, corrected for bias. */
  readonly lagOne: number;
  /** Plain variance of the residuals, and the factor to their long-run variance, at least 1. */
  readonly variance: number;
  readonly correction: number;
  /** Effective number of independent points for a mean. */
  readonly effective: number;
}

/** The k-th smallest of `values` (from 0), which get reordered: Hoare's quickselect. */
function select(values: Float64Array, k: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swap = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swap;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

/** Median; reorders `values`. */
export function medianOf(values: Float64Array): number {
  if (values.length === 0) return NaN;
  const middle = values.length >> 1;
  const upper = select(values, middle);
  // After the selection all smaller values come first.
  return values.length % 2 === 1 ? upper : (upper + values.subarray(0, middle).reduce((a, b) => Math.max(a, b))) / 2;
}

/**
 * Sen's slope: the median of (y_j − y_i)/(t_j − t_i) over all pairs (P. K. Sen, J. American Statistical Association 63
 * (1968) 1379–1389, https://doi.org/10.2307/2285891). n²/2 pairs: for some hundred points.
 */
export function senSlope(t: Float64Array, y: Float64Array): number {
  const n = y.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) slopes[at++] = (y[j]! - y[i]!) / (t[j]! - t[i]!);
  return medianOf(slopes);
}

/** Mann's S = Σ sgn(y_j − y_i), and its variance for independent points, corrected for ties. */
function mannKendall(y: Float64Array): { readonly score: number; readonly variance: number } {
  const n = y.length;
  let score = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) score += y[j]! > y[i]! ? 1 : y[j]! < y[i]! ? -1 : 0;
  const term = (count: number): number => count * (count - 1) * (2 * count + 5);
  const sorted = y.slice().sort();
  let tied = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && sorted[to] === sorted[from]) to++;
    tied += term(to - from);
  }
  return { score, variance: (term(n) - tied) / 18 };
}

/** Result for a constant series, whose rounding errors must not yield an autocorrelation. */
const FLAT = { slope: 0, p: 1, pMannKendall: 1, pGuard: 1, standardError: 0, lagOne: 0, variance: 0, correction: 1 };

/** y minus a line of this slope. */
export const detrended = (t: Float64Array, y: Float64Array, slope: number): Float64Array =>
  y.map((value, i) => value - slope * t[i]!);

/**
 * Tests one series for a trend. Two tests must agree: the larger p counts.
 *
 * - Mann–Kendall (H. B. Mann, Econometrica 13 (1945) 245–259; M. G. Kendall, "Rank Correlation Methods", 4th ed. 1975),
 *   its variance × 1 + 2·Σ(1 − k/n)·r₁ᵏ with the lag-1 autocorrelation r₁ of the residuals about Sen's slope (S. Yue,
 *   C. Wang, Water Resources Management 18 (2004) 201–218, https://doi.org/10.1023/B:WARM.0000043140.61082.60). Not
 *   with all significant lags (K. H. Hamed, A. R. Rao, J. Hydrology 204 (1998) 182–196,
 *   https://doi.org/10.1016/S0022-1694(97)00125-X): too many false alarms, 10 to 50 % (docs/methods-drift.md).
 * - The guard: the least-squares slope with the long-run variance of its residuals (autoregression.ts), Student's t,
 *   n·(plain/long-run) − 2 degrees of freedom.
 *
 * `inflation`: factor on the slope's standard error from other regressors (pattern.ts). Needs at least three points.
 */
export function trendTest(t: Float64Array, y: Float64Array, inflation = 1): TrendTest {
  const n = y.length;
  if (y.every((value) => value === y[0])) return { ...FLAT, degrees: n - 2, effective: n };
  const slope = senSlope(t, y);
  const lag = lagOne(detrended(t, y, slope), true);
  const { score, variance } = mannKendall(y);
  let correction = 1;
  for (let k = 1; k < n; k++) correction += 2 * (1 - k / n) * lag ** k;
  const pMannKendall = score === 0 ? 1 : normalP((score - Math.sign(score)) / Math.sqrt(variance * correction));

  const [meanT, meanY] = [meanOf(t), meanOf(y)];
  let [products, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    products += (t[i]! - meanT) * (y[i]! - meanY);
    squares += (t[i]! - meanT) ** 2;
  }
  const line = products / squares;
  const { plain, longRun } = variances(detrended(t, y, line));
  const seen = plain > 0 ? Math.max(1, longRun / plain) : 1;
  // The variance about a fitted line is too small by its two parameters.
  const ratio = seen / (1 - Math.min(0.5, (2 * seen) / n));
  const effective = n / seen;
  const degrees = Math.max(1, effective - 2);
  const standardError = inflation * Math.sqrt(((ratio * plain) / squares) * (n / (n - 2)));
  const pGuard = line === 0 ? 1 : twoSidedP(Math.abs(line) / standardError, degrees);
  return {
    ...{ slope, p: Math.max(pMannKendall, pGuard), pMannKendall, pGuard, standardError, degrees, lagOne: lag },
    ...{ variance: plain, correction: ratio, effective },
  };
}
