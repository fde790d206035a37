/** Least that 1 − Σφ is taken for: a series so slow cannot be told from one that wanders off. */
const LEAST_GAIN = 0.02;
/** Shortest series of which more than the plain variance is estimated. */
const SHORTEST = 8;

/**
 * Long-run variance of a series, the variance of its mean times its length: an autoregression whose order has the least AIC, fitted
 * by the Yule–Walker equations (Levinson–Durbin), has σ²/(1 − Σφ)², its spectrum at frequency 0 (G. E. P. Box, G. M. Jenkins, "Time
 * Series Analysis", 3.2 and A3.2; H. Akaike, IEEE Trans. Automatic Control 19 (1974) 716–723). The order is at most 10·log₁₀ n and
 * n/5. Unlike the estimate of comparison/persistence.ts it needs no second series.
 */
export function autoregressiveVariance(series: readonly number[]): number {
  const n = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const centred = series.map((value) => value - mean);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += centred[t]! * centred[t - lag]!;
    return sum / n;
  };
  const variance = n === 0 ? 0 : covariance(0);
  if (!(variance > 0) || n < SHORTEST) return variance;

  const most = Math.floor(Math.min(10 * Math.log10(n), n / 5));
  const covariances = Array.from({ length: most + 1 }, (_, lag) => covariance(lag));
  let coefficients: readonly number[] = [];
  let innovation = variance;
  let best = { aic: n * Math.log(variance), variance };
  for (let order = 1; order <= most; order++) {
    const explained = coefficients.reduce((sum, phi, i) => sum + phi * covariances[order - 1 - i]!, 0);
    const reflection = (covariances[order]! - explained) / innovation;
    const before = coefficients;
    coefficients = [...before.map((phi, i) => phi - reflection * before[before.length - 1 - i]!), reflection];
    innovation *= 1 - reflection * reflection;
    if (!(innovation > 0)) break;
    const aic = n * Math.log(innovation) + 2 * order;
    const gain = Math.max(LEAST_GAIN, 1 - coefficients.reduce((sum, phi) => sum + phi, 0));
    if (aic < best.aic) best = { aic, variance: innovation / gain ** 2 };
  }
  return best.variance;
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
  const error = Math.sqrt(Math.max(autoregressiveVariance(residuals), Number.EPSILON) / squares);
  return { slope, t: slope / error };
}
