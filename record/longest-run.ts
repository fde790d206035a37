/** Longest run that a record can hold, in milliseconds (31 days): a time that is further off is a mistake of the file. */
export const LONGEST_RUN_MS = 31 * 86_400_000;

/** Shortest interval that a run can be recorded in, in milliseconds. */
export const SHORTEST_INTERVAL_MS = 100;

/** Number of the last interval that a record can have: bounds what readers do for each interval of a run. */
export function lastIndex(intervalMs: number): number {
  return Math.floor(LONGEST_RUN_MS / Math.max(intervalMs, SHORTEST_INTERVAL_MS));
}
