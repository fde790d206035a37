import { lengthOfTime } from '../../quantity.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Distances between ticks that are easy to read. */
const DISTANCES = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 96].map((n) => n * HOUR),
];
const MOST_TICKS = 8;

/** Ticks and labels of a time axis that starts with the run; no label exceeds the axis. */
export function timeTicks(lengthMs: number): readonly { readonly atMs: number; readonly label: string }[] {
  const distance =
    DISTANCES.find((ms) => lengthMs / ms <= MOST_TICKS) ?? Math.ceil(lengthMs / MOST_TICKS / HOUR) * HOUR;
  // No tick in the last 6 %, so that no label is cut off.
  const count = Math.floor((lengthMs * 0.94) / distance);
  return Array.from({ length: count + 1 }, (_, at) => ({ atMs: at * distance, label: labelOf(at * distance) }));
}

function labelOf(ms: number): string {
  if (ms === 0) return '0 s';
  return ms < 10 * SECOND ? `${ms / SECOND} s` : lengthOfTime(ms);
}
