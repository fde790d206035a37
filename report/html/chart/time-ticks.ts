import { lengthOfTime } from '../../quantity.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Distances between ticks that a person reads off easily. */
const DISTANCES = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 96].map((n) => n * HOUR),
];
const MOST_TICKS = 8;

/** Ticks of a time axis that begins at the start of the run, with their labels; both ends of each lie within the axis. */
export function timeTicks(lengthMs: number): readonly { readonly atMs: number; readonly label: string }[] {
  const distance =
    DISTANCES.find((ms) => lengthMs / ms <= MOST_TICKS) ?? Math.ceil(lengthMs / MOST_TICKS / HOUR) * HOUR;
  // The last tenth stays free, so that no label is cut.
  const count = Math.floor((lengthMs * 0.94) / distance);
  return Array.from({ length: count + 1 }, (_, at) => ({ atMs: at * distance, label: labelOf(at * distance) }));
}

function labelOf(ms: number): string {
  if (ms === 0) return '0 s';
  return ms < 10 * SECOND ? `${ms / SECOND} s` : lengthOfTime(ms);
}
