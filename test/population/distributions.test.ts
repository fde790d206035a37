import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawWithin, shareWithin, support } from '../../population/distributions.ts';
import type { Distribution } from '../../population/distributions.ts';
import { normalQuantile } from '../../population/normal-quantile.ts';
import { cdfWithin } from './delay-cdf.ts';
import { normalCdf } from './statistics.ts';

const ms = fc.integer({ min: 1, max: 60_000 });
const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  ms.map((at) => ({ distribution: 'fixed' as const, ms: at })),
  fc.tuple(ms, ms).map(([minMs, more]) => ({ distribution: 'uniform' as const, minMs, maxMs: minMs + more })),
  ms.map((meanMs) => ({ distribution: 'exponential' as const, meanMs })),
  fc
    .tuple(ms, fc.integer({ min: 1, max: 20 }))
    .map(([medianMs, tenths]) => ({ distribution: 'log-normal' as const, medianMs, sigma: tenths / 10 })),
  fc
    .uniqueArray(ms, { minLength: 2, maxLength: 8 })
    .chain((edges) => {
      const edgesMs = edges.toSorted((a, b) => a - b);
      const counts = fc.array(fc.nat(9), { minLength: edges.length - 1, maxLength: edges.length - 1 });
      return counts.map((list) => ({ distribution: 'histogram' as const, edgesMs, counts: list }));
    })
    .filter(({ counts }) => counts.some((count) => count > 0)),
);
const range = fc.tuple(ms, ms).map(([a, b]) => ({ minMs: Math.min(a, b), maxMs: Math.max(a, b) }));
/** A double in [0, 1), as contract/draw.ts makes them. */
const uniform = fc.integer({ min: 0, max: 0xffff_ffff }).map((n) => n / 2 ** 32);

describe('a delay', () => {
  test('lies within its distribution and its window, and never falls as the draw grows', () => {
    fc.assert(
      fc.property(distribution, range, uniform, uniform, (d, within, a, b) => {
        fc.pre(shareWithin(d, within) >= 0.01 && Math.ceil(within.minMs) <= Math.floor(within.maxMs));
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((u) => drawWithin(d, within, u)) as [number, number];
        const { minMs, maxMs } = support(d);
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.max(minMs, within.minMs));
        expect(high).toBeLessThanOrEqual(Math.min(maxMs, within.maxMs));
        expect(Number.isInteger(low)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('cuts off at the same part of the whole as the formula of its distribution says', () => {
    fc.assert(
      fc.property(distribution, range, (d, { minMs, maxMs }) => {
        fc.pre(d.distribution !== 'fixed');
        const all = cdfWithin(d, { minMs: 0, maxMs: Infinity });
        expect(shareWithin(d, { minMs, maxMs })).toBeCloseTo(all(maxMs) - all(minMs), 6);
      }),
      { numRuns: 300 },
    );
  });
});

test('the normal quantile is the inverse of the normal distribution function, also far out', () => {
  for (const p of [0.001, 0.02425, 0.075, 0.2, 0.5, 0.6, 0.925, 0.99, 0.9999]) {
    expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 9);
  }
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
  // R: qnorm(1e-9), qnorm(1e-20)
  expect(normalQuantile(1e-9)).toBeCloseTo(-5.99780701500777, 11);
  expect(normalQuantile(1e-20)).toBeCloseTo(-9.26234008979841, 11);
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
});
