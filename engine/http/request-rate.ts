import { performance } from 'node:perf_hooks';
import type { TestRun } from '../test-run.ts';

/** When the next request of a run may go, by `performance.now()`. */
const nextAt = new WeakMap<TestRun, number>();

/**
 * Milliseconds that a request has to wait so that the run sends at most `options.rps` requests a second, evenly spaced
 * over all VUs of the process (each of its threads has an equal share of the limit); the place in the line is taken by
 * asking. 0 without a limit.
 */
export function waitForRate(run: TestRun): number {
  const rps = (run.settings?.rps ?? 0) / run.threads;
  if (rps === 0) return 0;
  const now = performance.now();
  const at = Math.max(now, nextAt.get(run) ?? now);
  nextAt.set(run, at + 1_000 / rps);
  return at - now;
}
