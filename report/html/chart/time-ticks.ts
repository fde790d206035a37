import { clockTime, lengthOfTime } from '../../quantity.ts';

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

/**
 * Ticks of a time axis that begins at the start of the run, with their labels; both ends of each lie within the axis. With `startedAt`
 * (Unix milliseconds) they stand at round times of the day.
 */
export function timeTicks(
  lengthMs: number,
  startedAt?: number,
): readonly { readonly atMs: number; readonly label: string }[] {
  const distance =
    DISTANCES.find((ms) => lengthMs / ms <= MOST_TICKS) ?? Math.ceil(lengthMs / MOST_TICKS / HOUR) * HOUR;
  // The last tenth stays free, so that no label is cut.
  const first = startedAt === undefined ? 0 : (distance - (startedAt % distance)) % distance;
  const count = Math.floor((lengthMs * 0.94 - first) / distance);
  return Array.from({ length: Math.max(0, count + 1) }, (_, at) => {
    const atMs = first + at * distance;
    return { atMs, label: startedAt === undefined ? labelOf(atMs) : clockTime(startedAt + atMs) };
  });
}

function labelOf(ms: number): string {
  if (ms === 0) return '0 s';
  return ms < 10 * SECOND ? `${ms / SECOND} s` : lengthOfTime(ms);
}
