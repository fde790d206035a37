import { everyPeriod } from './ticks.ts';
import type { Ticks } from './ticks.ts';

/** Longest time that what was recorded waits until it is told, in milliseconds. */
const TELL_WITHIN_MS = 1_000;

/** A clock that ticks at the end of each interval. */
export interface IntervalTicks extends Pick<Ticks, 'stop'> {
  /** The interval that what was recorded since the last tick belongs to, whether or not the next one is overdue. */
  readonly open: () => number;
}

/**
 * Calls back at the end of each interval, and once a second in a longer one, with the interval that what was recorded since the last call
 * belongs to, and the last interval that is over. A tick comes some milliseconds late, so the samples of those count for the
 * interval before; a thread that stood still hears of its first tick before it takes anything else.
 */
export function ticksOf(
  startedAt: number,
  intervalMs: number,
  tell: (index: number, passed: number) => void,
): IntervalTicks {
  const parts = Math.ceil(intervalMs / TELL_WITHIN_MS);
  const endedBy = (tick: number): number => Math.floor((tick - 1) / parts);
  const { stop, due } = everyPeriod(startedAt, intervalMs / parts, (number) =>
    tell(endedBy(number), Math.floor(number / parts) - 1),
  );
  // By the tick and not by the clock: a run often ends when a tick is due, and its last samples would be an interval late.
  return { stop, open: () => endedBy(due()) };
}
