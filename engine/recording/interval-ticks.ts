import { performance } from 'node:perf_hooks';

/** Maximum time from a sample to its emission, in milliseconds. */
const EMIT_WITHIN_MS = 1_000;

/** A clock that ticks at the end of each interval. */
export interface IntervalTicks extends Pick<Ticks, 'stop'> {
  /** The interval of samples recorded since the last tick, whether or not the next one is overdue. */
  readonly open: () => number;
}

/**
 * Calls back at the end of each interval, and once a second in a longer one, with the interval that what was recorded since the last call
 * belongs to, and the last interval that is over. A tick comes some milliseconds late, so the samples of those count for the
 * interval before; after a stall, the overdue tick fires before any new sample is recorded.
 */
export function ticksOf(
  startedAt: number,
  intervalMs: number,
  onTick: (index: number, passed: number) => void,
): IntervalTicks {
  const parts = Math.ceil(intervalMs / EMIT_WITHIN_MS);
  const endedBy = (tick: number): number => Math.floor((tick - 1) / parts);
  const { stop, due } = everyPeriod(startedAt, intervalMs / parts, (number) =>
    onTick(endedBy(number), Math.floor(number / parts) - 1),
  );
  // By the tick and not by the clock: a run often ends when a tick is due, and its last samples would be an interval late.
  return { stop, open: () => endedBy(due()) };
}

/** A clock that ticks at whole periods since a start. */
interface Ticks {
  readonly stop: () => void;
  /** Number of the tick that is waited for; after `stop`, of the one that would have come next. */
  readonly due: () => number;
}

/**
 * Calls back at each whole period since `startedAt` (`performance.now()`), with its number from 1. A tick that comes late
 * has the number that it was due for; those that were missed meanwhile do not come.
 */
function everyPeriod(startedAt: number, periodMs: number, tick: (number: number) => void): Ticks {
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
