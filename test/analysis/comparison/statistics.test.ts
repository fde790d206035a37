import fc from 'fast-check';
import { politisWhiteLength } from '../../../analysis/comparison/block-length.ts';
import { BucketMatrix } from '../../../analysis/comparison/bucket-matrix.ts';
import { circularBlocks } from '../../../analysis/comparison/circular-blocks.ts';
import { differenceOf } from '../../../analysis/comparison/difference.ts';
import type { Estimate } from '../../../analysis/comparison/estimate.ts';
import { holm } from '../../../analysis/comparison/holm.ts';
import { blockVariance, dependenceOf } from '../../../analysis/comparison/long-run-variance.ts';
import { decayOf } from '../../../analysis/comparison/persistence.ts';
import { criticalT, twoSidedP } from '../../../analysis/comparison/student-t.ts';
import { uniformNumbers } from '../../../contract/draw.ts';
import { HISTOGRAM_RELATIVE_ERROR, Histogram } from '../../../contract/histogram.ts';
import { describe, expect, test } from 'vitest';

/** Normal numbers of a seed. */
function normals(seed: number): () => number {
  const uniform = uniformNumbers(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A first-order autoregression of mean 0 and standard deviation 1. */
function autoregression(rho: number, length: number, normal: () => number): Float64Array {
  const series = new Float64Array(length);
  let value = normal();
  for (let t = 0; t < length; t++) {
    series[t] = value;
    value = rho * value + Math.sqrt(1 - rho * rho) * normal();
  }
  return series;
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe("Student's t", () => {
  // Printed tables of the 0.975 and 0.9995 quantiles.
  test.each([
    [0.05, 1, 12.706],
    [0.05, 2, 4.303],
    [0.05, 5, 2.571],
    [0.05, 30, 2.042],
    [0.05, 1e6, 1.96],
    [0.001, 5, 6.869],
    [0.001, 30, 3.646],
  ])('|T| exceeds with probability %s and %s degrees %s', (alpha, degrees, t) => {
    expect(criticalT(alpha, degrees)).toBeCloseTo(t, 3);
    expect(twoSidedP(-criticalT(alpha, degrees), degrees)).toBeCloseTo(alpha, 9);
  });

  test('with 1 degree it is the Cauchy distribution, with 2 it has a closed form', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e3, noNaN: true }), (t) => {
        expect(twoSidedP(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 8);
        expect(twoSidedP(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 8);
      }),
    );
  });
});

describe('many tests at once', () => {
  test('Holm’s procedure stops at the first p-value that is too large', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005], 0.05).rejected).toEqual([true, false, false, true]);
  });

  test('of the fifteen comparisons in Benjamini & Hochberg (1995) it rejects the first three', () => {
    const p = [
      1e-4, 4e-4, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    expect(holm(p, 0.05).rejected.filter(Boolean)).toHaveLength(3);
  });

  test('an interval at its level leaves out 0 exactly where the test is rejected', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 40 }), (p) => {
        const { rejected, level } = holm(p, 0.05);
        p.forEach((value, at) => expect(value <= level).toBe(rejected[at]));
      }),
    );
  });
});

describe('blocks', () => {
  test('of white noise are short, of an autoregression as long as Politis & White say', () => {
    const lengths = (rho: number): number =>
      mean(Array.from({ length: 40 }, (_, seed) => politisWhiteLength(autoregression(rho, 2_000, normals(seed)))));
    expect(lengths(0)).toBeLessThan(4);
    // Their formula with the true autocovariances: g = Σ|k|ρᵏ and the spectrum Σρᵏ, (2g² / (4/3 Σ²))^(1/3) n^(1/3).
    for (const rho of [0.5, 0.8]) {
      const ratio = (2 * rho) / (1 - rho * rho);
      const optimum = (1.5 * ratio ** 2) ** (1 / 3) * 2_000 ** (1 / 3);
      expect(Math.abs(lengths(rho) / optimum - 1)).toBeLessThan(0.2);
    }
  });

  test('a resample is as long as the series, and every interval is as likely as any other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (length, wanted, seed) => {
          const draw = circularBlocks(length, Math.min(wanted, length), uniformNumbers(seed));
          const { from, to, count } = draw();
          let intervals = 0;
          for (let at = 0; at < count; at++) {
            expect(from[at]).toBeGreaterThanOrEqual(0);
            expect(to[at]).toBeLessThanOrEqual(length);
            expect(to[at]).toBeGreaterThan(from[at]!);
            intervals += to[at]! - from[at]!;
          }
          expect(intervals).toBe(length);
        },
      ),
    );
    const seen = new Float64Array(10);
    const draw = circularBlocks(10, 4, uniformNumbers(1));
    for (let round = 0; round < 20_000; round++) {
      const { from, to, count } = draw();
      for (let at = 0; at < count; at++) for (let t = from[at]!; t < to[at]!; t++) seen[t]!++;
    }
    for (const times of seen) expect(Math.abs(times / 20_000 - 1)).toBeLessThan(0.05);
  });

  test('the variance in closed form is that of resampling', () => {
    const series = autoregression(0.6, 120, normals(3));
    const draw = circularBlocks(120, 12, uniformNumbers(4));
    const means = Array.from({ length: 20_000 }, () => {
      const { from, to, count } = draw();
      let sum = 0;
      for (let at = 0; at < count; at++) for (let t = from[at]!; t < to[at]!; t++) sum += series[t]!;
      return sum / 120;
    });
    const centre = mean(means);
    const resampled = 120 * mean(means.map((value) => (value - centre) ** 2));
    expect(resampled / blockVariance(series, 12)).toBeCloseTo(1, 1);
  });

  test('degrees and centring give the fixed-b critical values of Kiefer & Vogelsang (2005)', () => {
    // Their polynomial for the Bartlett kernel, 97.5 %.
    const theirs = (b: number): number => 1.96 + 2.9694 * b + 0.416 * b ** 2 - 0.5324 * b ** 3;
    for (const b of [0.05, 0.1, 0.15, 0.2, 0.25]) {
      expect(criticalT(0.05, 1.5 / b) / Math.sqrt(1 - b) / theirs(b)).toBeCloseTo(1, 1);
    }
  });

  test.each([0, 0.5, 0.9])('95 %% intervals for the mean of 30 series of dependence %s cover it', (rho) => {
    let [covered, all] = [0, 0];
    for (let run = 0; run < 40; run++) {
      const normal = normals(100 + run);
      const series = Array.from({ length: 30 }, () => {
        const level = autoregression(rho, 300, normal);
        return level.map((value) => value + normal());
      });
      const decay = decayOf(series);
      for (const one of series) {
        const { blockLength, inflation, degrees } = dependenceOf(one, decay);
        const error = inflation * Math.sqrt(blockVariance(one, blockLength) / one.length);
        all++;
        if (Math.abs(mean(one)) <= criticalT(0.05, degrees) * error) covered++;
      }
    }
    expect(covered / all).toBeGreaterThan(0.93);
    expect(covered / all).toBeLessThan(0.99);
  });

  test('the decay of a run is found in thirty metrics, where one alone would hide it', () => {
    const normal = normals(9);
    const series = Array.from({ length: 30 }, () =>
      autoregression(0.9, 300, normal).map((level) => 0.4 * level + normal()),
    );
    expect(decayOf(series)).toBeGreaterThan(0.8);
    expect(decayOf(series)).toBeLessThan(0.96);
  });
});

describe('percentiles of resampled histograms', () => {
  const samples = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { maxLength: 8 });

  test('are those of the merged histograms, within their error', () => {
    const p = fc.constantFrom(0, 25, 50, 95, 99, 100);
    fc.assert(
      fc.property(fc.array(samples, { minLength: 1, maxLength: 12 }), p, fc.nat(), (intervals, percentile, seed) => {
        const matrix = matrixOf(intervals);
        const stretches = circularBlocks(intervals.length, Math.min(3, intervals.length), uniformNumbers(seed))();
        const merged: number[] = [];
        for (let at = 0; at < stretches.count; at++)
          merged.push(...intervals.slice(stretches.from[at], stretches.to[at]).flat());
        const place = matrix.percentile(percentile, stretches);
        if (merged.length === 0) {
          expect(place).toBeUndefined();
          return;
        }
        // Between the two samples that the rank lies between, give or take a bucket.
        merged.sort((a, b) => a - b);
        const rank = (percentile / 100) * (merged.length - 1);
        const low = merged[Math.floor(rank)]! * (1 - 2 * HISTOGRAM_RELATIVE_ERROR);
        const high = merged[Math.ceil(rank)]! * (1 + 2 * HISTOGRAM_RELATIVE_ERROR);
        expect(place!.value).toBeGreaterThanOrEqual(low);
        expect(place!.value).toBeLessThanOrEqual(high);
      }),
    );
  });

  test('do not depend on where the search begins', () => {
    fc.assert(
      fc.property(fc.array(samples, { minLength: 2, maxLength: 9 }), fc.nat(200), (intervals, near) => {
        const matrix = matrixOf(intervals);
        const whole = { from: Int32Array.of(0), to: Int32Array.of(intervals.length), count: 1 };
        expect(matrix.percentile(95, whole, near)).toEqual(matrix.percentile(95, whole));
      }),
    );
  });

  test('influences add up to nothing at the percentile itself', () => {
    const normal = normals(5);
    const matrix = matrixOf(Array.from({ length: 50 }, () => Array.from({ length: 40 }, () => Math.exp(normal()))));
    const place = matrix.percentile(90, { from: Int32Array.of(0), to: Int32Array.of(50), count: 1 })!;
    const sum = matrix.influence(90, place).reduce((total, value) => total + value, 0);
    expect(Math.abs(sum)).toBeLessThan(1);
  });
});

function matrixOf(intervals: readonly (readonly number[])[]): BucketMatrix {
  const entries = intervals.flatMap((values, interval) => {
    const histogram = new Histogram();
    values.forEach((value) => histogram.record(value));
    const { positive } = histogram.encode();
    return Array.from({ length: positive.length / 2 }, (_, at) => [
      interval,
      positive[2 * at]!,
      positive[2 * at + 1]!,
    ]).flat();
  });
  return new BucketMatrix(intervals.length, entries);
}

describe('repeated runs', () => {
  const runOf = (location: number, standardError: number): Estimate => ({
    ...{
      value: Math.exp(location),
      location,
      standardError,
      degrees: 15,
      samples: 1_000,
      intervals: 300,
      blockLength: 30,
    },
  });

  test('whose own scatter is small are compared by the two-sample t-test', () => {
    // Student's sleep data (1908): 10 patients each, difference −1.58, t = −1.8608 with 18 degrees, p = 0.07919.
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const runs = (values: readonly number[]): Estimate[] => values.map((value) => runOf(value, 1e-6));
    const { difference, standardError, degrees, betweenRuns } = differenceOf(runs(second), runs(first));
    expect(difference).toBeCloseTo(-1.58, 9);
    expect(difference / standardError).toBeCloseTo(-1.8608, 4);
    expect(degrees).toBeCloseTo(18, 6);
    expect(twoSidedP(difference / standardError, degrees)).toBeCloseTo(0.07919, 5);
    expect(betweenRuns).toBeGreaterThan(1);
  });

  test('that differ no more than their own scatter explains add nothing to it', () => {
    const { standardError, betweenRuns } = differenceOf(
      [runOf(1, 0.1), runOf(1.01, 0.1)],
      [runOf(1, 0.1), runOf(1, 0.1)],
    );
    expect(betweenRuns).toBe(0);
    expect(standardError).toBeCloseTo(0.1, 9);
  });

  test('without any scatter of their own differ by what they differ between runs', () => {
    // A two-sample t-test of means 2 and 6 and of variances 1, by hand: t = 4 / √(1/3 + 1/3), 4 degrees.
    const runs = (values: readonly number[]): Estimate[] => values.map((value) => runOf(value, 0));
    const { difference, standardError, degrees } = differenceOf(runs([1, 2, 3]), runs([5, 6, 7]));
    expect(difference / standardError).toBeCloseTo(4 / Math.sqrt(2 / 3), 9);
    expect(degrees).toBeCloseTo(4, 9);
    expect(differenceOf(runs([1]), runs([2]))).toMatchObject({ standardError: 0, degrees: 1 });
  });

  test('of the base say how much a single new run may be off', () => {
    const base = [runOf(1, 0.001), runOf(1.1, 0.001), runOf(0.9, 0.001)];
    const { standardError } = differenceOf(base, [runOf(1.05, 0.001)]);
    expect(standardError).toBeCloseTo(0.1 * Math.sqrt(1 + 1 / 3), 3);
    expect(differenceOf([base[0]!], [runOf(1.05, 0.001)]).betweenRuns).toBeNull();
  });
});
