import { incompleteBeta } from '../comparison/student-t.ts';

/** The x at which I_x(a, b) is `probability`, by bisection, which is safe because I_x rises from 0 to 1. */
export function betaQuantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  // 60 halvings are finer than a double; near 0 the absolute error is 2^-60.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * One-sided bounds of a share with k of n samples, each exceeded with probability at most `alpha`: C. J. Clopper, E. S.
 * Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26 (1934)
 * 404–413, as quantiles of the beta distribution. k and n need not be whole: clustered samples count as fewer
 * (level.ts). MLPerf's LoadGen has the same bound (mlcommons/inference, `loadgen/early_stopping.cc`; arXiv:1911.02549).
 */
export function shareBounds(k: number, n: number, alpha: number): { readonly low: number; readonly high: number } {
  if (!(n > 0)) return { low: 0, high: 1 };
  return {
    low: k > 0 ? betaQuantile(alpha, k, n - k + 1) : 0,
    high: k < n ? betaQuantile(1 - alpha, k + 1, n - k) : 1,
  };
}

/** Minimum number of independent samples that shows a share below `allowed` with `bad` bad ones. */
export function samplesToPass(bad: number, allowed: number, alpha: number): number {
  const passes = (n: number): boolean => shareBounds(bad, n, alpha).high < allowed;
  let high = bad + 1;
  while (!passes(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) high = middle;
    else low = middle;
  }
  return high;
}
