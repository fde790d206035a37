/** Measurements of a time slot: shares of failed requests and of mismatches, and p95 latency in milliseconds. */
export interface Slot {
  readonly failed: number;
  readonly mismatch: number;
  readonly p95Ms: number;
}

/** The range to return to: the worst of each measure in the slots before a fault. */
export function rangeOf(slots: readonly (Slot | undefined)[]): Slot | undefined {
  const known = slots.filter((slot) => slot !== undefined);
  if (known.length === 0) return undefined;
  const worst = (of: (slot: Slot) => number): number => known.reduce((most, slot) => Math.max(most, of(slot)), 0);
  return { failed: worst((s) => s.failed), mismatch: worst((s) => s.mismatch), p95Ms: worst((s) => s.p95Ms) };
}

function isWithin(slot: Slot, range: Slot): boolean {
  return slot.failed <= range.failed && slot.mismatch <= range.mismatch && slot.p95Ms <= range.p95Ms;
}

/** Consecutive slots that must be within the range: a single one may be luck. */
const IN_A_ROW = 3;

/**
 * Time from a fault's end until errors and latency are back within the range, in milliseconds: the start of the first
 * of IN_A_ROW consecutive slots within it (or of all that are left). Slots without requests (undefined) are skipped.
 * Undefined: not within the observed time, or unknown.
 */
export function recoveryMs(
  range: Slot | undefined,
  slots: readonly (Slot | undefined)[],
  slotMs: number,
): number | undefined {
  if (range === undefined) return undefined;
  const known = slots.flatMap((slot, at) => (slot === undefined ? [] : [{ at, within: isWithin(slot, range) }]));
  const first = known.findIndex((_, from) => known.slice(from, from + IN_A_ROW).every(({ within }) => within));
  const found = known[first];
  return found === undefined ? undefined : found.at * slotMs;
}
