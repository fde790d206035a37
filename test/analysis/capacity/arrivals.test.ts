import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../contract/planned-scenario.ts';
import { spreadMs } from '../../../contract/draw.ts';
import { MOST_CELLS, poissonPlan, poissonStages } from '../../../lib/poisson-arrivals.ts';

const steady = (rate: number, seconds: number): Arrivals => [
  [0, rate],
  [seconds * 1_000, rate],
];
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Variance by mean: 1 of a Poisson process, 0 of even starts. */
function dispersion(counts: readonly number[]): number {
  const middle = mean(counts);
  return mean(counts.map((count) => (count - middle) ** 2)) / middle;
}

describe('Poisson arrivals', () => {
  test.each([0.5, 8, 60, 400, 900])('%d starts a second scatter as a Poisson process does', (rate) => {
    const counts = [1, 2, 3, 4, 5].flatMap((seed) => poissonPlan(seed, steady(rate, 1_000)).counts);
    expect(Math.abs(mean(counts) / rate - 1)).toBeLessThan(4 / Math.sqrt(rate * counts.length));
    expect(Math.abs(dispersion(counts) - 1)).toBeLessThan(0.1);
  });

  test('with the spread, starts in parts of a second do so too', () => {
    const { counts, cellMs } = poissonPlan(7, steady(50, 600));
    const starts = counts.flatMap((count, cell) =>
      Array.from({ length: count }, (_, at) => cell * cellMs + spreadMs(7, cell * 1_000 + at, cellMs)),
    );
    const tenths = new Array<number>(6_000).fill(0);
    for (const start of starts) tenths[Math.floor(start / 100)]!++;
    expect(Math.abs(dispersion(tenths) - 1)).toBeLessThan(0.1);
  });

  test('a ramp has the area under its rate', () => {
    const ramp: Arrivals = [
      [0, 0],
      [100_000, 100],
      [200_000, 100],
    ];
    const counts = [1, 2, 3, 4].map((seed) => poissonPlan(seed, ramp).counts);
    const total = (from: number, to: number): number =>
      mean(counts.map((list) => list.slice(from, to).reduce((sum, count) => sum + count, 0)));
    expect(Math.abs(total(0, 50) - 1_250)).toBeLessThan(4 * Math.sqrt(1_250 / 4));
    expect(Math.abs(total(100, 200) - 10_000)).toBeLessThan(4 * Math.sqrt(10_000 / 4));
  });

  test('the same seed gives the same plan, another seed another one', () => {
    expect(poissonPlan(3, steady(20, 60))).toEqual(poissonPlan(3, steady(20, 60)));
    expect(poissonPlan(4, steady(20, 60))).not.toEqual(poissonPlan(3, steady(20, 60)));
  });

  test('however long a plan is, its stages are not too many, and they add up to its time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700_000 }), (seconds) => {
        const plan = poissonPlan(1, steady(0.01, seconds));
        const stages = poissonStages(plan);
        expect(stages.length).toBeLessThanOrEqual(2 * MOST_CELLS);
        expect(Number.isInteger(plan.cellMs)).toBe(true);
        expect(plan.counts.length * plan.cellMs).toBeGreaterThanOrEqual(seconds * 1_000);
        expect((plan.counts.length - 1) * plan.cellMs).toBeLessThan(seconds * 1_000);
      }),
      { numRuns: 40 },
    );
    expect(poissonPlan(1, steady(1, 1_000)).cellMs).toBe(1_000);
    expect(poissonPlan(1, steady(1, 3_600)).cellMs).toBe(3_600);
    expect(poissonPlan(1, steady(1, 1.5)).cellMs).toBe(750);
  });

  test('stages jump to the count of each cell', () => {
    expect(poissonStages({ cellMs: 2_000, counts: [3, 0] })).toEqual([
      { target: 3, duration: '0s' },
      { target: 3, duration: '2s' },
      { target: 0, duration: '0s' },
      { target: 0, duration: '2s' },
    ]);
  });

  test('a plan without rate starts nothing', () => {
    expect(poissonPlan(1, steady(0, 5)).counts).toEqual([0, 0, 0, 0, 0]);
  });
});
