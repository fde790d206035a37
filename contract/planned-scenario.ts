/** One scenario as it was planned; of one that is shared by several machines, this one's part. */
export interface PlannedScenario {
  readonly name: string;
  readonly executor: string;
  readonly startMs: number;
  /** Planned length without graceful stop; null where iterations are counted. */
  readonly durationMs: number | null;
  /**
   * Planned arrivals: the rate per second at points of time since the start of the run, in between on a straight line; null
   * for a scenario that is not an arrival rate.
   */
  readonly arrivals: readonly (readonly [atMs: number, perSecond: number])[] | null;
  readonly maxVus: number;
}

/** Points of a planned rate (run.json, `arrivals`), between which it goes on a straight line. */
export type Arrivals = NonNullable<PlannedScenario['arrivals']>;

/**
 * Planned arrivals per second at a moment, milliseconds since the start of the run; 0 outside of the points. Of two points at one
 * moment the later one holds from there on.
 */
export function plannedRate(arrivals: Arrivals, ms: number): number {
  const after = arrivals.findIndex(([atMs]) => atMs > ms);
  if (after <= 0) return 0;
  const [startMs, startRate] = arrivals[after - 1]!;
  const [endMs, endRate] = arrivals[after]!;
  return startRate + ((endRate - startRate) * (ms - startMs)) / (endMs - startMs);
}

/** Planned arrivals from one moment to another: the area below the lines between the points. */
export function plannedArrivals(arrivals: Arrivals, fromMs: number, toMs: number): number {
  let area = 0;
  for (let at = 0; at + 1 < arrivals.length; at++) {
    const [[startMs, startRate], [endMs, endRate]] = [arrivals[at]!, arrivals[at + 1]!];
    const from = Math.max(fromMs, startMs);
    const to = Math.min(toMs, endMs);
    if (to <= from) continue;
    // The mean of a straight line is its value in the middle.
    const middle = (from + to) / 2;
    const rate = startRate + ((endRate - startRate) * (middle - startMs)) / (endMs - startMs);
    area += (rate * (to - from)) / 1_000;
  }
  return area;
}
