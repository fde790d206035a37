import { criticalT } from '../comparison/student-t.ts';
import { lagOne, meanOf, variances } from '../autoregression.ts';
import { criticalZ } from '../drift/normal.ts';

/** An estimate with its 95 % interval. */
export interface IntervalEstimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const Z = criticalZ(0.025);

export const sumOver = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Wilson's interval of n/dispersion trials (E. B. Wilson, J. American Statistical Association 22 (1927) 209–212). */
function wilson(events: number, trials: number, dispersion: number): IntervalEstimate {
  const [k, n] = [events / dispersion, trials / dispersion];
  const middle = (k + Z ** 2 / 2) / (n + Z ** 2);
  const half = (Z * Math.sqrt((k * (n - k)) / n + Z ** 2 / 4)) / (n + Z ** 2);
  return { value: k / n, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * Difference of two shares by square-and-add of Wilson's intervals (R. G. Newcombe, Statistics in Medicine 17 (1998)
 * 873–890, method 10, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I).
 */
export function differenceOfShares(of: Counts, less: Counts, dispersion = 1): IntervalEstimate {
  const a = wilson(of.events, of.trials, dispersion);
  const b = wilson(less.events, less.trials, dispersion);
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

export interface Counts {
  readonly events: number;
  readonly trials: number;
}

/**
 * Dispersion of counts per second: Pearson's χ² divided by its degrees of freedom (McCullagh & Nelder, "Generalized
 * Linear Models", 2nd ed. 1989, 4.5.2), or the long-run variance if seconds are correlated; at least 1.
 */
export function dispersionOf(events: readonly number[], trials: readonly number[]): number {
  const p = (sumOver(events) + 0.5) / (sumOver(trials) + 1);
  const pulls = events.map((k, t) => (trials[t]! > 0 ? (k - p * trials[t]!) / Math.sqrt(p * (1 - p) * trials[t]!) : 0));
  const { plain, longRun } = variances(pulls);
  return pulls.length < 10 ? 1 : Math.max(1, plain, longRun);
}

/** Mean of measured seconds, its standard error and degrees of freedom, and the effective variance of a second. */
export function steadyMean(values: readonly number[]): {
  mean: number;
  error: number;
  degrees: number;
  variance: number;
} {
  const known = values.filter((value) => !Number.isNaN(value));
  const { plain, longRun } = variances(known);
  const lag = lagOne(known);
  // The larger of AR(1) and the autoregression that the criterion selects.
  const variance = Math.max(longRun, (plain * (1 + lag)) / (1 - lag), plain);
  const n = known.length;
  return {
    ...{ mean: meanOf(known), variance, error: Math.sqrt(variance / n) },
    degrees: plain > 0 ? Math.max(1, (n * plain) / variance - 1) : n,
  };
}

/** Difference of two steady means by Welch's t (B. L. Welch, Biometrika 34 (1947) 28–35). */
export function differenceOfMeans(of: readonly number[], less: readonly number[]): IntervalEstimate {
  const [a, b] = [steadyMean(of), steadyMean(less)];
  const [va, vb] = [a.error ** 2, b.error ** 2];
  const degrees = va + vb > 0 ? (va + vb) ** 2 / (va ** 2 / a.degrees + vb ** 2 / b.degrees) : 1;
  const half = Math.sqrt(va + vb) * criticalT(0.05, Math.max(1, degrees));
  const value = a.mean - b.mean;
  return { value, low: value - half, high: value + half };
}

/**
 * Ratio of two rates (events per trial over all seconds) by the delta method on logarithms (as ratio-estimate.ts; A.
 * Agresti, "Categorical Data Analysis", 3rd ed. 2013, 16.1.2), with the long-run variance.
 */
export function ratioOfRates(of: Rated, less: Rated): IntervalEstimate | undefined {
  const [a, b] = [logRate(of), logRate(less)];
  if (a === undefined || b === undefined) return undefined;
  const difference = a.log - b.log;
  const half = Z * Math.sqrt(a.variance + b.variance);
  return { value: Math.exp(difference), low: Math.exp(difference - half), high: Math.exp(difference + half) };
}

interface Rated {
  readonly events: readonly number[];
  readonly trials: readonly number[];
}

function logRate({ events, trials }: Rated): { readonly log: number; readonly variance: number } | undefined {
  const [k, n] = [sumOver(events), sumOver(trials)];
  if (k === 0 || n === 0) return undefined;
  const influences = events.map((value, t) => value - (k / n) * trials[t]!);
  const { plain, longRun } = variances(influences);
  return { log: Math.log(k / n), variance: Math.max((events.length * Math.max(plain, longRun)) / k ** 2, 1 / k ** 2) };
}

/** Index of dispersion of counts in equal bins (polls per 100 ms): 1 if random, more if in step (Cox & Lewis 1966). */
export function dispersionIndex(counts: readonly number[]): number {
  const mean = meanOf(counts);
  const squares = counts.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return mean > 0 && counts.length > 1 ? squares / (counts.length - 1) / mean : NaN;
}
