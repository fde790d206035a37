import { count, lengthOfStages, positiveDuration, stages } from '../option-fields.ts';
import type { Stage } from '../option-fields.ts';
import { ARRIVAL_VUS, ARRIVAL_VU_FIELDS, EPSILON, driveArrivals, readArrivalVus } from './arrivals.ts';
import type { ArrivalPlan, ArrivalSchedule } from './arrivals.ts';
import type { Executor } from './executor.ts';

export interface RampingArrivalRatePlan extends ArrivalPlan {
  readonly executor: 'ramping-arrival-rate';
  readonly startRate: number;
  readonly stages: readonly Stage[];
}

/** Starts iterations at a rate that follows stages, whether or not others have ended. */
export const rampingArrivalRate: Executor<RampingArrivalRatePlan> = {
  fields: {
    startRate: [count(0), 0],
    timeUnit: [positiveDuration, '1s'],
    stages: [stages],
    ...ARRIVAL_VU_FIELDS,
  },
  read: (field, place) => ({
    startRate: field('startRate'),
    timeUnitMs: field('timeUnit'),
    stages: field('stages'),
    ...readArrivalVus(field, place),
  }),
  lengthMs: (plan) => lengthOfStages(plan.stages),
  ...ARRIVAL_VUS,
  arrivals({ startRate, timeUnitMs, stages: ramps }) {
    const perSecond = (rate: number): number => (rate * 1_000) / timeUnitMs;
    let atMs = 0;
    return [
      [0, perSecond(startRate)],
      ...ramps.map(({ durationMs, target }) => [(atMs += durationMs), perSecond(target)] as const),
    ];
  },
  drive: (plan, scenario) =>
    driveArrivals(plan, scenario, rampingArrivals(plan.startRate, plan.timeUnitMs, plan.stages)),
};

/** A linear part of the rate (arrivals per ms), `from` → `to`; `before`: arrivals due before it begins. */
interface Ramp {
  readonly startMs: number;
  readonly durationMs: number;
  readonly from: number;
  readonly to: number;
  readonly before: number;
}

/**
 * Arrivals whose rate changes linearly from target to target: the n-th is due when the integral of the rate exceeds n.
 * So a stretch with rate 0 has none: the next one comes when the rate rises again.
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
  // Others bring nothing. Of ramps that begin with as many arrivals the last counts, so the cursor goes as far as it can.
  const busy = ramps.filter(({ from, to, durationMs }) => from + to > 0 && durationMs > 0);
  let at = 0;
  return (n) => {
    if (n >= total - EPSILON) return undefined;
    if (busy[at]!.before > n + EPSILON) at = 0;
    while (at + 1 < busy.length && busy[at + 1]!.before <= n + EPSILON) at++;
    const ramp = busy[at]!;
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
