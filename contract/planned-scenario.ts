/** One scenario as planned; with several machines, this machine's part. */
export interface PlannedScenario {
  readonly name: string;
  readonly executor: string;
  readonly startMs: number;
  /** Planned duration without graceful stop; null if the number of iterations is fixed. */
  readonly durationMs: number | null;
  /**
   * Planned arrivals: the rate per second at times since the start of the run, linear in between; null without an
   * arrival rate.
   */
  readonly arrivals: readonly (readonly [atMs: number, perSecond: number])[] | null;
  readonly maxVus: number;
}

/** Points of a planned rate (run.json, `arrivals`), linear in between. */
export type Arrivals = NonNullable<PlannedScenario['arrivals']>;

/**
 * Planned arrivals per second at a time, in milliseconds since the start of the run; 0 outside the points. Of two
 * points at the same time the later one counts.
 */
export function plannedRate(arrivals: Arrivals, ms: number): number {
  const after = arrivals.findIndex(([atMs]) => atMs > ms);
  if (after <= 0) return 0;
  const [startMs, startRate] = arrivals[after - 1]!;
  const [endMs, endRate] = arrivals[after]!;
  return startRate + ((endRate - startRate) * (ms - startMs)) / (endMs - startMs);
}

/** Planned arrivals between two times: the area under the curve. */
export function plannedArrivals(arrivals: Arrivals, fromMs: number, toMs: number): number {
  let area = 0;
  for (let at = 0; at + 1 < arrivals.length; at++) {
    const [[startMs, startRate], [endMs, endRate]] = [arrivals[at]!, arrivals[at + 1]!];
    const from = Math.max(fromMs, startMs);
    const to = Math.min(toMs, endMs);
    if (to <= from) continue;
    // The mean of a linear function is its value in the middle.
    const middle = (from + to) / 2;
    const rate = startRate + ((endRate - startRate) * (middle - startMs)) / (endMs - startMs);
    area += (rate * (to - from)) / 1_000;
  }
  return area;
}
