/** How what a series does depends on what it did before: its autocorrelation, and the variance of a mean that follows from it. */

/** Most lags of the autoregression, as a factor of log10 n: the usual default of R's `ar` (10·log10 n), at most a fifth of n. */
const LAGS = 10;
/** Least 1 − Σφ that is believed: a ratio of long-run to plain variance is at most 1/0.02² of the innovations'. */
const LEAST_GAP = 0.02;

/** A series without its times. */
export type Numbers = readonly number[] | Float64Array;

/** Mean of a series. */
export const meanOf = (series: Numbers): number => {
  let sum = 0;
  for (const value of series) sum += value;
  return sum / series.length;
};

/** Autocovariances at lags 0 to `most`, about the mean, each divided by n. */
function autocovariances(series: Numbers, most: number): number[] {
  const n = series.length;
  const mean = meanOf(series);
  return Array.from({ length: most + 1 }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (series[t]! - mean) * (series[t - lag]! - mean);
    return sum / n;
  });
}

/**
 * Autocorrelation at lag 1, less its bias: of n values it is measured (1 + 3ρ)/n too low about a mean (M. G. Kendall, Biometrika 41
 * (1954) 403–404; F. H. C. Marriott, J. A. Pope, ibid. 390–402), (2 + 4ρ)/n about a fitted line (P. Shaman, R. A. Stine, J. American
 * Statistical Association 83 (1988) 842–848). From 0 to 0.99; 0 for a series that does not vary.
 */
export function lagOne(series: Numbers, aboutLine = false): number {
  const [variance, covariance] = autocovariances(series, 1) as [number, number];
  if (!(variance > 0)) return 0;
  const measured = covariance / variance;
  const lacks = aboutLine ? 2 + 4 * measured : 1 + 3 * measured;
  return Math.min(0.99, Math.max(0, measured + lacks / series.length));
}

/** Plain and long-run variance of a series. The variance of its mean is the latter, divided by n. */
interface Variances {
  readonly plain: number;
  readonly longRun: number;
}

/**
 * Long-run variance σ²/(1 − Σφ)² of the autoregression that Akaike's criterion takes, by Yule–Walker with Levinson's recursion
 * (P. J. Brockwell, R. A. Davis, "Time Series: Theory and Methods", 2nd ed. 1991, 8.1–8.2 and 9.3; as a "VARHAC" estimator:
 * W. J. den Haan, A. Levin, NBER Technical Working Paper 197 (1996), https://www.nber.org/papers/t0197).
 */
export function variances(series: Numbers): Variances {
  const n = series.length;
  if (n === 0) return { plain: 0, longRun: 0 };
  const most = Math.max(0, Math.trunc(Math.min(LAGS * Math.log10(n), n / 5)));
  const covariances = autocovariances(series, most);
  const plain = covariances[0]!;
  if (!(plain > 0) || n < 8) return { plain, longRun: plain };
  let best = { criterion: n * Math.log(plain), longRun: plain };
  let weights: number[] = [];
  let innovation = plain;
  for (let order = 1; order <= most; order++) {
    const explained = weights.reduce((sum, weight, i) => sum + weight * covariances[order - 1 - i]!, 0);
    const reflection = (covariances[order]! - explained) / innovation;
    const before = weights;
    weights = [...before.map((weight, i) => weight - reflection * before[before.length - 1 - i]!), reflection];
    innovation *= 1 - reflection * reflection;
    if (!(innovation > 0)) break;
    const criterion = n * Math.log(innovation) + 2 * order;
    const gap = Math.max(LEAST_GAP, 1 - weights.reduce((sum, weight) => sum + weight, 0));
    if (criterion < best.criterion) best = { criterion, longRun: innovation / gap ** 2 };
  }
  return { plain, longRun: best.longRun };
}

/** A straight line through a series: its slope per step, and the t of that slope. */
export interface Trend {
  readonly slope: number;
  readonly t: number;
}

/** Least-squares line through values at 0, 1, 2, …; its standard error is that of the residuals' long-run variance. */
export function trendOf(series: readonly number[]): Trend {
  const n = series.length;
  if (n < 3) return { slope: 0, t: 0 };
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const at = (i: number): number => i - (n - 1) / 2;
  const squares = series.reduce((sum, _, i) => sum + at(i) ** 2, 0);
  const slope = series.reduce((sum, value, i) => sum + at(i) * value, 0) / squares;
  const residuals = series.map((value, i) => value - mean - slope * at(i));
  const error = Math.sqrt(Math.max(variances(residuals).longRun, Number.EPSILON) / squares);
  return { slope, t: slope / error };
}
