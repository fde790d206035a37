import { performance } from 'node:perf_hooks';

/** A clock that ticks at whole periods since a start. */
export interface Ticks {
  readonly stop: () => void;
  /** Number of the tick that is waited for; after `stop`, of the one that would have come next. */
  readonly due: () => number;
}

/**
 * Calls back at each whole period since `startedAt` (`performance.now()`), with its number from 1. A tick that comes late
 * has the number that it was due for; those that were missed meanwhile do not come.
 */
export function everyPeriod(startedAt: number, periodMs: number, tick: (number: number) => void): Ticks {
  let timer: NodeJS.Timeout;
  let due = 0;
  const wait = (after: number): void => {
    const now = performance.now() - startedAt;
    const next = Math.max(after, Math.floor(now / periodMs)) + 1;
    due = next;
    timer = setTimeout(
      () => {
        tick(next);
        wait(next);
      },
      next * periodMs - now,
    );
  };
  wait(0);
  return { stop: () => clearTimeout(timer), due: () => due };
}
