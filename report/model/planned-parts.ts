import type { Arrivals } from '../../contract/planned-scenario.ts';

/** A part of a plan with a constant rate. */
export interface PlannedPart {
  readonly fromMs: number;
  readonly toMs: number;
  /** Starts per second. */
  readonly rate: number;
}

/** The parts of a planned rate during which it does not change, in order. */
export function constantParts(arrivals: Arrivals): readonly PlannedPart[] {
  return arrivals.flatMap(([fromMs, rate], at) => {
    const [toMs, then] = arrivals[at + 1] ?? [fromMs, rate];
    return then === rate && toMs > fromMs && rate > 0 ? [{ fromMs, toMs, rate }] : [];
  });
}
