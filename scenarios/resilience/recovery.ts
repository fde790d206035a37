/** Measurements of a bin of time: shares of failed requests and of mismatches, and p95 latency in milliseconds. */
export interface Bin {
  readonly failed: number;
  readonly mismatch: number;
  readonly p95Ms: number;
}

/** The range to return to: the worst of each measure in the bins before a fault. */
export function rangeOf(bins: readonly (Bin | undefined)[]): Bin | undefined {
  const known = bins.filter((bin) => bin !== undefined);
  if (known.length === 0) return undefined;
  const worst = (of: (bin: Bin) => number): number => known.reduce((most, bin) => Math.max(most, of(bin)), 0);
  return { failed: worst((s) => s.failed), mismatch: worst((s) => s.mismatch), p95Ms: worst((s) => s.p95Ms) };
}

function isWithin(bin: Bin, range: Bin): boolean {
  return bin.failed <= range.failed && bin.mismatch <= range.mismatch && bin.p95Ms <= range.p95Ms;
}

/** Consecutive bins that must be within the range: a single one may be luck. */
const IN_A_ROW = 3;

/**
 * Time from a fault's end until errors and latency are back within the range, in milliseconds: the start of the first
 * of IN_A_ROW consecutive bins within it (or of all that are left). Bins without requests (undefined) are skipped.
 * Undefined: not within the observed time, or unknown.
 */
export function recoveryMs(
  range: Bin | undefined,
  bins: readonly (Bin | undefined)[],
  binMs: number,
): number | undefined {
  if (range === undefined) return undefined;
  const known = bins.flatMap((bin, at) => (bin === undefined ? [] : [{ at, within: isWithin(bin, range) }]));
  const first = known.findIndex((_, from) => known.slice(from, from + IN_A_ROW).every(({ within }) => within));
  const found = known[first];
  return found === undefined ? undefined : found.at * binMs;
}
