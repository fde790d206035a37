import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { RequestDeadlines } from '../../engine/http/request-deadlines.ts';

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** A request that starts after a while, and ends by itself after `endsAfterMs`, unless its time runs out first. */
async function request(timeoutMs: number, afterMs: number, endsAfterMs: number | null) {
  if (afterMs > 0) await delay(afterMs);
  const startedAt = performance.now();
  const timedOut: number[] = [];
  let over = false;
  const group = RequestDeadlines.for(timeoutMs, startedAt);
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      if (over) return;
      over = true;
      group.remove(place);
      resolve();
    };
    const place = group.add({
      startedAt,
      timeOut: () => {
        timedOut.push(performance.now() - startedAt);
        end();
      },
    });
    if (endsAfterMs === 0) end();
    else if (endsAfterMs !== null) setTimeout(end, endsAfterMs);
  });
  await ended;
  return { timeoutMs, endsAfterMs, timedOut };
}

test('requests that share a timer each end at their own deadline, once, and those that ended before do not', async () => {
  const before = timers();
  const one = fc.tuple(
    fc.constantFrom(1, 20, 60, 250),
    fc.integer({ min: 0, max: 120 }),
    fc.option(fc.constantFrom(0, 5, 50, 1_000)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 60 }), async (requests) => {
      for (const { timeoutMs, endsAfterMs, timedOut } of await Promise.all(requests.map((some) => request(...some)))) {
        if (endsAfterMs === null || endsAfterMs === 1_000) expect(timedOut).toHaveLength(1);
        if (endsAfterMs === 0) expect(timedOut).toEqual([]);
        // Never too early.
        for (const after of timedOut) expect(after).toBeGreaterThanOrEqual(timeoutMs);
      }
    }),
    { numRuns: 10, endOnFailure: true },
  );
  // The test's own go on for a second.
  while (timers() > before) await delay(100);
});

test('a timer goes with the last of its requests, so that it keeps no process alive', () => {
  const before = timers();
  const groups = [1, 2, 3].map(() => RequestDeadlines.for(600_000, performance.now()));
  const places = groups.map((group) => group.add({ startedAt: performance.now(), timeOut: () => undefined }));
  expect(timers()).toBe(before + 1);
  groups.forEach((group, at) => group.remove(places[at]!));
  expect(timers()).toBe(before);
});

test('a deadline that is further away than a timer of Node reaches does not pass at once', async () => {
  const warned = vi.spyOn(process, 'emitWarning');
  const timeOut = vi.fn();
  const group = RequestDeadlines.for(2 ** 32, performance.now());
  const place = group.add({ startedAt: performance.now(), timeOut });
  await delay(50);
  expect([timeOut.mock.calls, warned.mock.calls]).toEqual([[], []]);
  group.remove(place);
});
