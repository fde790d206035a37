import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trendOf, variances } from '../../../analysis/autoregression.ts';
import { clusteringOf } from '../../../analysis/capacity/level.ts';
import { betaQuantile, samplesToPass, shareBounds } from '../../../analysis/capacity/share-bounds.ts';
import { mser5 } from '../../../analysis/mser5.ts';

/** SciPy 1.17, and level.py of the experiments with NumPy 2.4. */
const BETA = [0.049507609888, 2.47997e-7, 0.962110289538, 0.048594820365] as const;
const VARIANCES = [0.0668259593281841, 1.1092913063205532, 0.4219152584898051] as const;
const WARM_UP = 25;

/** An autoregression of first order, driven by a linear congruence: the reference values were made of the same numbers. */
function series(n: number, phi: number): number[] {
  let [state, value] = [12_345n, 0];
  return Array.from({ length: n }, () => {
    state = (state * 1_103_515_245n + 12_345n) % 2_147_483_648n;
    value = phi * value + Number(state) / 2_147_483_648 - 0.5;
    return value;
  });
}

describe('bounds of a share', () => {
  test('quantiles of the beta distribution are those of SciPy', () => {
    expect(betaQuantile(0.95, 1, 59)).toBeCloseTo(BETA[0], 10);
    expect(betaQuantile(0.01, 0.4, 30.2)).toBeCloseTo(BETA[1], 10);
    expect(betaQuantile(0.99, 12.5, 3.25)).toBeCloseTo(BETA[2], 10);
    expect(betaQuantile(0.05, 120, 2_000)).toBeCloseTo(BETA[3], 10);
  });

  test('so many independent samples show that 5 %, or 1 %, are not exceeded', () => {
    const needed = (allowed: number): number[] => [0, 1, 2, 5, 10].map((bad) => samplesToPass(bad, allowed, 0.05));
    expect(needed(0.05)).toEqual([59, 93, 124, 208, 336]);
    expect(needed(0.01)).toEqual([299, 473, 628, 1_049, 1_693]);
  });

  test('a bound is exceeded with its probability: the binomial tail there is alpha', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 80 }), fc.nat(79), fc.constantFrom(0.01, 0.05, 0.2), (n, bad, alpha) => {
        const k = bad % n;
        const { low, high } = shareBounds(k, n, alpha);
        expect(low).toBeLessThanOrEqual(k / n);
        expect(binomialUpTo(k, n, high)).toBeCloseTo(alpha, 8);
        if (k > 0) expect(1 - binomialUpTo(k - 1, n, low)).toBeCloseTo(alpha, 8);
      }),
    );
  });

  test('nothing seen bounds nothing', () => {
    expect(shareBounds(0, 0, 0.05)).toEqual({ low: 0, high: 1 });
    expect(shareBounds(7, 7, 0.05).high).toBe(1);
    expect(shareBounds(0, 7, 0.05).low).toBe(0);
  });
});

function binomialUpTo(k: number, n: number, p: number): number {
  let probability = (1 - p) ** n;
  let total = probability;
  for (let i = 1; i <= k; i++) {
    probability *= ((n - i + 1) / i) * (p / (1 - p));
    total += probability;
  }
  return total;
}

describe('dependence', () => {
  test('the long-run variance is that of the experiments', () => {
    expect(variances(series(60, 0)).longRun).toBeCloseTo(VARIANCES[0], 9);
    expect(variances(series(60, 0.8)).longRun).toBeCloseTo(VARIANCES[1], 9);
    expect(variances(series(240, 0.6)).longRun).toBeCloseTo(VARIANCES[2], 9);
  });

  test('a series that does not vary has none, a short one its plain variance', () => {
    expect(variances(new Array<number>(60).fill(3)).longRun).toBe(0);
    expect(variances([]).longRun).toBe(0);
    expect(variances([1, 3]).longRun).toBe(1);
  });

  test('a trend is found in noise, and none where there is none', () => {
    const rising = trendOf(series(60, 0.3).map((value, at) => value + at / 10));
    expect(rising.slope).toBeCloseTo(0.1, 1);
    expect(rising.t).toBeGreaterThan(4);
    expect(Math.abs(trendOf(series(60, 0.3)).t)).toBeLessThan(2);
  });

  test('samples that are bad together count for fewer', () => {
    const all = new Array<number>(60).fill(100);
    const spread = all.map((_, at) => 5 + (at % 2));
    const together = all.map((_, at) => (at >= 20 && at < 30 ? 33 : 0));
    expect(clusteringOf(spread, all)).toBe(1);
    expect(clusteringOf(together, all)).toBeGreaterThan(30);
    expect(clusteringOf(all, all)).toBe(1);
    expect(clusteringOf(new Array<number>(60).fill(0), all)).toBe(1);
  });
});

describe('warm-up', () => {
  test('it ends where the series has settled, as in the experiments', () => {
    expect(mser5(series(75, 0.3).map((value, at) => value + 2 * Math.exp(-at / 6)))).toBe(WARM_UP);
  });

  test('a series that rises to its end has not settled', () => {
    expect(mser5(series(75, 0.3).map((value, at) => value + at / 10))).toBeUndefined();
  });

  test('nothing is cut of a series that is level, nor of a short one', () => {
    expect(mser5(new Array<number>(75).fill(1))).toBe(0);
    expect(mser5([9, 1, 1, 1])).toBe(0);
  });
});
