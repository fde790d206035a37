import type { NumberedInterval } from '../../contract/series-counts.ts';
import { compileBundle } from '../../engine/bundle.ts';
import { createRealm } from '../../engine/realm.ts';
import { ticksOf } from '../../engine/recording/interval-ticks.ts';
import { recordIntervals } from '../../engine/recording/record-here.ts';
import { TestRun } from '../../engine/test-run.ts';
import { performance } from 'node:perf_hooks';
import { afterEach, expect, test } from 'vitest';

const INTERVAL_MS = 20;

/** The interval that the clock stands in. */
const indexNow = (startedAt: number): number => Math.floor((performance.now() - startedAt) / INTERVAL_MS);

/** Keeps the thread busy until the ticks of three more intervals are overdue: no timer fires meanwhile. */
function standStill(startedAt: number): void {
  const until = indexNow(startedAt) + 4;
  while (indexNow(startedAt) < until);
}

let stop = (): void => undefined;
afterEach(() => stop());

test('what was recorded before an overdue tick belongs to the interval that this tick ends', () => {
  const startedAt = performance.now() - 5 * INTERVAL_MS;
  const ticks = ticksOf(startedAt, INTERVAL_MS, () => undefined);
  ({ stop } = ticks);
  const begun = indexNow(startedAt);
  expect(ticks.open()).toBeGreaterThanOrEqual(5);
  standStill(startedAt);
  expect(ticks.open()).toBeLessThanOrEqual(begun);
  ticks.stop();
  expect(ticks.open()).toBeLessThanOrEqual(begun);
});

test('an interval of several parts is open until its last part is over', () => {
  for (const [sinceMs, open] of [
    [0, 0],
    [4_500, 0],
    [10_500, 1],
    [19_500, 1],
  ] as const) {
    // Half a second from the nearest tick: a machine would have to stand still for as long.
    const ticks = ticksOf(performance.now() - sinceMs, 10_000, () => undefined);
    expect(ticks.open(), `${sinceMs} ms`).toBe(open);
    ticks.stop();
  }
});

test('a run that ends while a tick is overdue has its last samples in the interval that it recorded them in', () => {
  const realm = createRealm();
  const bundle = compileBundle({ path: 'own.js', map: undefined, code: 'exports.default = () => {};' }, realm);
  const run = new TestRun(realm, bundle, {}, { console: () => undefined, warning: () => undefined });
  const told: NumberedInterval[] = [];
  const recording = recordIntervals(run, INTERVAL_MS, (interval) => told.push(interval));
  run.startedAt = performance.now();
  recording.start();
  run.registry.builtIn('iterations').seriesFor({}).add(3);
  const begun = indexNow(run.startedAt);
  standStill(run.startedAt);
  recording.end();
  const [interval, ...further] = told.filter(({ named }) => named.some(({ metric }) => metric === 'iterations'));
  expect(further).toEqual([]);
  expect(interval!.index).toBeLessThanOrEqual(begun);
  expect(interval!.recorded.map(([, counts]) => counts)).toContainEqual({ samples: 1, sum: 3 });
});
