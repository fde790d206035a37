import { run } from '../engine/run.ts';
import { StopSignal } from '../engine/stop-signal.ts';

/**
 * Process whose virtual users all wait in mid-flow, after the first factor. Reports its resident memory to the parent
 * once all of them wait, then stops. Arguments: target, inventory, virtual users, shared (`shared`: one pool of
 * connections; otherwise each has its own).
 */
const [target, inventory, vus, shared] = process.argv.slice(2);
const stop = new StopSignal();
let said = false;
await run({
  bundlePath: 'dist/smoke.js',
  env: { PF_BASE_URL: target!, INVENTORY: inventory!, FLOWS: vus!, VUS: vus! },
  ...(shared === 'shared' ? { sharedConnections: 100 } : {}),
  stop,
  progressEveryMs: 500,
  onProgress: ({ metrics }) => {
    const waiting = metrics.select('step_duration{step:checkUsernamePassword}')?.samples ?? 0;
    if (said || waiting < Number(vus)) return;
    said = true;
    // Collect garbage first, so that only what waiting users retain is counted, not what their start left behind.
    setTimeout(() => {
      (globalThis as { gc?: () => void }).gc?.();
      process.send!({ rss: process.memoryUsage.rss() });
      stop.hard();
    }, 3_000);
  },
});
process.disconnect();
