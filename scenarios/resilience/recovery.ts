/** What a slot of time saw: shares of failed requests and of flows unexpected, and the p95 latency in milliseconds. */
export interface Slot {
  readonly failed: number;
  readonly mismatch: number;
  readonly p95Ms: number;
}

/** The worst that slots before a fault saw, each measure by itself: the range to come back to. */
export function rangeOf(slots: readonly (Slot | undefined)[]): Slot | undefined {
  const known = slots.filter((slot) => slot !== undefined);
  if (known.length === 0) return undefined;
  const worst = (of: (slot: Slot) => number): number => known.reduce((most, slot) => Math.max(most, of(slot)), 0);
  return { failed: worst((s) => s.failed), mismatch: worst((s) => s.mismatch), p95Ms: worst((s) => s.p95Ms) };
}

function isWithin(slot: Slot, range: Slot): boolean {
  return slot.failed <= range.failed && slot.mismatch <= range.mismatch && slot.p95Ms <= range.p95Ms;
}

/** So many slots in a row must be within the range: one good one may be luck. */
const IN_A_ROW = 3;

/**
 * Time from a fault's end until errors and latency are both back within the range, in milliseconds: the start of the first of
 * IN_A_ROW slots within it, one after the other (or of all that are left). Slots in which nothing was asked (undefined) say
 * nothing. Undefined: not within the time that was watched, or nothing is known.
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
