import { printDuration } from '../contract/duration.ts';
import { recordTraffic } from './executors/scenario-run.ts';
import type { TestRun } from './test-run.ts';
import { VirtualUser } from './virtual-user.ts';
import { SCRIPT_WORLD } from './script-world.ts';
import type { ScriptFunction } from './virtual-user.ts';

/** Functions of a script that run once. */
export type LifecycleName = 'setup' | 'teardown' | 'handleSummary';

/** Thrown if one of them exceeds its time limit. */
class LifecycleTimeout extends Error {
  override readonly name = 'LifecycleTimeout';
}

/** Whether this is a ConfigurationError, possibly from the script's realm. */
function isRefusal(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'ConfigurationError';
}

/** How a lifecycle function ended; `absent`: the script does not have it. */
export type LifecycleEnd =
  | { readonly how: 'absent' | 'interrupted' }
  | { readonly how: 'completed'; readonly value: unknown }
  | { readonly how: 'failed'; readonly thrown: unknown };

/**
 * Calls `setup`, `teardown` or `handleSummary` in a VU of its own with the number 0 (k6-contract.md 1.1). `hold` gets the
 * VU, so that a stop can interrupt it. Samples carry the group `::setup` or `::teardown`; none is of `iteration_duration` (4.2).
 */
export function callLifecycle(
  run: TestRun,
  name: LifecycleName,
  args: (vu: VirtualUser) => readonly unknown[],
  timeoutMs: number,
  hold: (vu: VirtualUser | undefined) => void,
): Promise<LifecycleEnd> {
  let vu: VirtualUser;
  try {
    vu = new VirtualUser(0, run, SCRIPT_WORLD);
  } catch (thrown) {
    return Promise.resolve({ how: 'failed', thrown });
  }
  const fn = vu.exports[name];
  if (typeof fn !== 'function') return Promise.resolve({ how: 'absent' });
  if (run.hasSystemTag('group') && name !== 'handleSummary') vu.scope = vu.scope.with('group', `::${name}`);
  return new Promise((resolve) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      vu.interrupt();
    }, timeoutMs);
    hold(vu);
    if (name === 'setup') run.holdRequestFailures();
    vu.call(fn as ScriptFunction, args(vu), (end) => {
      clearTimeout(timer);
      hold(undefined);
      if (name === 'setup') run.releaseRequestFailures(end.how === 'failed' && isRefusal(end.thrown));
      recordTraffic(vu);
      vu.dispose();
      if (timedOut) {
        const limit = printDuration(timeoutMs);
        resolve({
          how: 'failed',
          thrown: new LifecycleTimeout(`${name}() did not finish within ${limit} (options.${name}Timeout)`),
        });
      } else resolve(end);
    });
  });
}
