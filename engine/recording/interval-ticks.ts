import { everyPeriod } from './ticks.ts';
import type { Ticks } from './ticks.ts';

/** Longest time that what was recorded waits until it is told, in milliseconds. */
const TELL_WITHIN_MS = 1_000;

/**
 * Calls back at the end of each interval, and once a second in a longer one, with the interval that what was recorded since the last call
 * belongs to, and the last interval that is over. A tick comes some milliseconds late, so the samples of those count for the
 * interval before; a thread that stood still hears of its first tick before it takes anything else.
 */
export function ticksOf(startedAt: number, intervalMs: number, tell: (index: number, passed: number) => void): Ticks {
  const parts = Math.ceil(intervalMs / TELL_WITHIN_MS);
  return everyPeriod(startedAt, intervalMs / parts, (number) =>
    tell(Math.floor((number - 1) / parts), Math.floor(number / parts) - 1),
  );
}
