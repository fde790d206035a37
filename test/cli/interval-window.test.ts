import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IntervalWindow, OPEN_CELLS } from '../../record/interval-window.ts';
import type { RecordedSeries } from '../../record/interval-window.ts';
import type { CounterCounts } from '../../contract/series-counts.ts';

function counters(count: number): RecordedSeries[] {
  return Array.from({ length: count }, (_, number) => ({
    metric: 'calls',
    type: 'counter',
    contains: 'default',
    tags: { number: String(number) },
    number,
    latest: -1,
    total: undefined,
  }));
}

/** A window, with what each interval held when it was closed, summed by interval and series. */
function watched() {
  const sums = new Map<string, number>();
  const window = new IntervalWindow((index, closed) => {
    expect(closed.size).toBeGreaterThan(0);
    for (const [series, total] of closed) {
      const key = `${index} ${series.number}`;
      sums.set(key, (sums.get(key) ?? 0) + (total as CounterCounts).sum);
    }
  });
  const add = (index: number, series: RecordedSeries): void => {
    const total = window.totalOf(index, series) as CounterCounts;
    total.samples++;
    total.sum++;
  };
  return { window, sums, add };
}

test('a sample older than every open interval has a place, however many series are open', () => {
  for (const open of [OPEN_CELLS - 1, OPEN_CELLS, OPEN_CELLS + 1]) {
    const series = counters(OPEN_CELLS + 1);
    const { window, sums, add } = watched();
    for (const one of series.slice(0, open)) add(5, one);
    for (const one of series.slice(0, 100)) add(4, one);
    add(5, series[0]!);
    window.end();
    expect(sums.get('5 0')).toBe(2);
    expect([...sums.values()].reduce((sum, count) => sum + count, 0)).toBe(open + 101);
  }
});

/** Series that are counted at once, so that few steps fill the window to the brim. */
const GROUP = OPEN_CELLS / 4;

test('every sample is counted once, in its interval, in whatever order they come', () => {
  const sample = fc.record({ index: fc.nat({ max: 12 }), of: fc.nat({ max: 5 }) });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
      const series = counters(6 * GROUP);
      const { window, sums, add } = watched();
      const expected = new Map<string, number>();
      for (const { index, of } of samples) {
        for (const one of series.slice(of * GROUP, (of + 1) * GROUP)) {
          add(index, one);
          const key = `${index} ${one.number}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
      }
      window.end();
      expect(sums.size).toBe(expected.size);
      for (const [key, count] of expected)
        if (sums.get(key) !== count) expect([key, sums.get(key)]).toEqual([key, count]);
    }),
    { numRuns: 20 },
  );
});

test('an interval that is said to be over is closed, and what comes late has another one', () => {
  const closed: number[] = [];
  const window = new IntervalWindow((index) => void closed.push(index));
  const [series] = counters(1);
  for (const index of [3, 1, 2]) (window.totalOf(index, series!) as CounterCounts).samples++;
  window.closeBefore(3);
  expect(closed).toEqual([1, 2]);
  (window.totalOf(1, series!) as CounterCounts).samples++;
  window.end();
  expect(closed).toEqual([1, 2, 1, 3]);
});
