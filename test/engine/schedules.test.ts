import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArrivalSchedule } from '../../engine/executors/arrivals.ts';
import { constantArrivals } from '../../engine/executors/constant-arrival-rate.ts';
import { rampingArrivals } from '../../engine/executors/ramping-arrival-rate.ts';
import { vuChanges } from '../../engine/executors/ramping-vus.ts';

function all(schedule: ArrivalSchedule): number[] {
  const due: number[] = [];
  for (let at = schedule(0); at !== undefined; at = schedule(due.length)) due.push(at);
  return due;
}

test('10 a second are due each 100 ms, the first at once; 2 in 3 s each 1.5 s', () => {
  expect(all(constantArrivals(10, 1_000, 500))).toEqual([0, 100, 200, 300, 400]);
  expect(all(constantArrivals(2, 3_000, 6_000))).toEqual([0, 1_500, 3_000, 4_500]);
});

test('a ramp from 0 to 10 a second in 10 s brings 50, ever closer together', () => {
  const due = all(rampingArrivals(0, 1_000, [{ durationMs: 10_000, target: 10 }]));
  expect(due).toHaveLength(50);
  expect(due[0]).toBe(0);
  // The integral of t/1000 per second reaches 1 after √2 s.
  expect(due[1]).toBeCloseTo(Math.SQRT2 * 1_000, 6);
});

test('nothing is due while the rate is zero', () => {
  const due = all(
    rampingArrivals(0, 1_000, [
      { durationMs: 5_000, target: 0 },
      { durationMs: 0, target: 4 },
      { durationMs: 1_000, target: 4 },
    ]),
  );
  expect(due).toEqual([5_000, 5_250, 5_500, 5_750]);
});

const stages = fc.array(
  fc.record({ durationMs: fc.integer({ min: 0, max: 5_000 }), target: fc.integer({ min: 0, max: 200 }) }),
  {
    minLength: 1,
    maxLength: 6,
  },
);

test('any ramp brings the integral of its rate, in order and within its time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), stages, (startRate, plan) => {
      let integral = 0;
      let from = startRate;
      for (const { durationMs, target } of plan) {
        integral += ((from + target) / 2) * (durationMs / 1_000);
        from = target;
      }
      const total = plan.reduce((sum, { durationMs }) => sum + durationMs, 0);
      const due = all(rampingArrivals(startRate, 1_000, plan));
      // Without `max` an empty ramp would ask for -0.
      expect(due.length).toBe(Math.max(0, Math.ceil(integral - 1e-6)));
      due.forEach((at, n) => {
        expect(at).toBeGreaterThanOrEqual(n === 0 ? 0 : due[n - 1]! - 1e-6);
        expect(at).toBeLessThanOrEqual(total + 1e-6);
      });
    }),
    { numRuns: 60 },
  );
});

test('a ramp of VUs changes by one at a time, is in order, and ends each stage at its target', () => {
  expect(vuChanges(1, [{ durationMs: 30_000, target: 2 }])).toEqual([
    { atMs: 0, vus: 1 },
    { atMs: 30_000, vus: 2 },
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 50 }), stages, (start, plan) => {
      const changes = vuChanges(start, plan);
      changes.slice(1).forEach(({ atMs, vus }, i) => {
        expect(Math.abs(vus - changes[i]!.vus)).toBe(1);
        expect(atMs).toBeGreaterThanOrEqual(changes[i]!.atMs);
      });
      let end = 0;
      for (const { durationMs, target } of plan) {
        end += durationMs;
        // Stages without length jump on from here; the target was reached on the way.
        expect(target === start || changes.some(({ atMs, vus }) => vus === target && atMs <= end + 1e-9)).toBe(true);
      }
      expect(changes.at(-1)!.vus).toBe(plan.at(-1)!.target);
    }),
  );
});
