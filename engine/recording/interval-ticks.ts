import { performance } from 'node:perf_hooks';

/** Maximum time from a sample to its emission, in milliseconds. */
const EMIT_WITHIN_MS = 1_000;

/** Ticks at the end of each interval. */
export interface IntervalTicks extends Pick<Ticks, 'stop'> {
  /** The interval of samples recorded since the last tick, even if the next tick is overdue. */
  readonly open: () => number;
}

/**
 * Calls back at the end of each interval, and every second in longer ones, with the interval of everything recorded
 * since the last call, and the last complete interval. Ticks are some milliseconds late; samples of that time count for
 * the previous interval. After a stall, the overdue tick fires before any new sample.
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
  // By tick, not by clock: a run often ends when a tick is due, and its last samples would go to the next interval.
  return { stop, open: () => endedBy(due()) };
}

/** Ticks at multiples of a period. */
interface Ticks {
  readonly stop: () => void;
  /** Number of the pending tick; after `stop`, of the one that would have been next. */
  readonly due: () => number;
}

/**
 * Calls back at each multiple of the period since `startedAt` (`performance.now()`), with its number from 1. A late
 * tick has the number it was due for; ticks missed meanwhile are skipped.
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
