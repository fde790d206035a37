import type { Stage } from '../option-fields.ts';

/** When the n-th iteration (from 0) is due, in milliseconds from the start; `undefined` when the plan has no more. */
export type ArrivalSchedule = (n: number) => number | undefined;

/** Slack for sums of fractions: a billionth of an arrival is none. */
const EPSILON = 1e-9;

/** `rate` arrivals per `timeUnitMs`, evenly spaced, the first at 0 (k6-contract.md 3.3). */
export function constantArrivals(rate: number, timeUnitMs: number, durationMs: number): ArrivalSchedule {
  const total = (rate * durationMs) / timeUnitMs;
  return (n) => (n < total - EPSILON ? (n * timeUnitMs) / rate : undefined);
}

/** Part of a ramp: the rate (arrivals per ms) goes from `from` to `to`; `before` arrivals were due when it begins. */
interface Ramp {
  readonly startMs: number;
  readonly durationMs: number;
  readonly from: number;
  readonly to: number;
  readonly before: number;
}

/**
 * Arrivals whose rate moves linearly from target to target: the n-th is due when the integral of the rate leaves n. A
 * stretch without any rate therefore has none: the next comes when the rate rises again.
 */
export function rampingArrivals(startRate: number, timeUnitMs: number, stages: readonly Stage[]): ArrivalSchedule {
  const ramps: Ramp[] = [];
  let from = startRate / timeUnitMs;
  let startMs = 0;
  let before = 0;
  for (const { durationMs, target } of stages) {
    const to = target / timeUnitMs;
    ramps.push({ startMs, durationMs, from, to, before });
    before += ((from + to) / 2) * durationMs;
    startMs += durationMs;
    from = to;
  }
  const total = before;
  return (n) => {
    if (n >= total - EPSILON) return undefined;
    // The last ramp that begins with at most n arrivals and still brings some.
    const ramp = ramps.findLast(
      (candidate) => candidate.before <= n + EPSILON && candidate.from + candidate.to > 0 && candidate.durationMs > 0,
    )!;
    return ramp.startMs + timeWithin(ramp, Math.max(0, n - ramp.before));
  };
}

/** Solves `from·t + (to − from)/(2·duration)·t² = arrivals` for t, in the form that is stable for flat ramps. */
function timeWithin({ from, to, durationMs }: Ramp, arrivals: number): number {
  if (arrivals === 0) return 0;
  const slope = (to - from) / durationMs;
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * arrivals));
  return Math.min(durationMs, (2 * arrivals) / (from + root));
}
