/** Significance level of the tests on presets: a right generator is called wrong once in a thousand. */
const ALPHA = 0.001;

/** Natural logarithms of 0! to n!, exact to rounding. */
const logs = [0];
function logFactorials(n: number): readonly number[] {
  for (let i = logs.length; i <= n; i++) logs.push(logs[i - 1]! + Math.log(i));
  return logs;
}

/**
 * The interval in which a binomial count of n trials lies, but for `alpha / 2` at each side: the smallest counts at which the
 * distribution function, summed exactly, passes them.
 */
export function binomialInterval(n: number, p: number, alpha = ALPHA): readonly [number, number] {
  if (p <= 0) return [0, 0];
  if (p >= 1) return [n, n];
  const log = logFactorials(n);
  let [below, low] = [0, -1];
  for (let k = 0; k <= n; k++) {
    below += Math.exp(log[n]! - log[k]! - log[n - k]! + k * Math.log(p) + (n - k) * Math.log(1 - p));
    if (low < 0 && below > alpha / 2) low = k;
    if (below >= 1 - alpha / 2) return [low, k];
  }
  return [low, n];
}

/** 1.9495: the Kolmogorov distribution's 99.9 % point, 1 − 2 Σ (−1)^(k−1) exp(−2 k² x²) = 0.999. */
export const KOLMOGOROV_99_9 = 1.9495;

/**
 * The Kolmogorov–Smirnov statistic of values that should be uniform on [0, 1], made independent of their number (M. A. Stephens,
 * Journal of the Royal Statistical Society B 32, 1970): to be compared with KOLMOGOROV_99_9.
 */
export function kolmogorovSmirnov(values: readonly number[]): number {
  const n = values.length;
  const sorted = values.toSorted((a, b) => a - b);
  const distance = sorted.reduce((most, u, at) => Math.max(most, u - at / n, (at + 1) / n - u), 0);
  return distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
}

/** The standard normal distribution function, by Simpson's rule over its density: shares nothing with AS 241. */
export function normalCdf(x: number): number {
  if (x < -9) return 0;
  if (x > 9) return 1;
  const steps = 100;
  const width = x / steps;
  const density = (t: number): number => Math.exp(-(t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += density(i * width) * (i % 2 === 1 ? 4 : 2);
  return 0.5 + (sum * width) / 3;
}
