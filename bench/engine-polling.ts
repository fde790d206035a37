import { valuesOf } from '../contract/series-counts.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { run } from '../engine/run.ts';
import { StopSignal } from '../engine/stop-signal.ts';

/**
 * Process whose virtual users wait for a push that nobody answers and poll every 2 s: RATE flows/s of 30 s each.
 * Reports the timer lag once enough users wait. Arguments: target, inventory, rate, users, `shared` or not.
 */
const [target, inventory, rate, users, shared] = process.argv.slice(2);
const SETTLE_MS = 10_000;
const stop = new StopSignal();
let said = false;
const trendOf = (metrics: SeriesTotals, name: string): Record<string, number> | undefined => {
  const total = metrics.select(name);
  return total && valuesOf(total, ['med', 'p(99)', 'max', 'count'], 0);
};
await run({
  bundlePath: 'dist/load.js',
  // The profile polls every second; TIME_SCALE 2 makes that two.
  env: { PF_BASE_URL: target!, INVENTORY: inventory!, RATE: rate!, RAMP: '0s', DURATION: '120s', TIME_SCALE: '2' },
  ...(shared === 'shared' ? { sharedConnections: Infinity } : {}),
  stop,
  progressEveryMs: 500,
  onProgress: ({ metrics, vus }) => {
    if (said || vus < Number(users)) return;
    said = true;
    setTimeout(() => {
      process.send!({ lateness: trendOf(metrics, 'step_lateness'), polls: trendOf(metrics, 'poll_duration') });
      stop.hard();
    }, SETTLE_MS);
  },
});
process.disconnect();
