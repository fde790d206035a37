import { count, positiveDuration } from '../option-fields.ts';
import { ARRIVAL_VUS, ARRIVAL_VU_FIELDS, EPSILON, driveArrivals, readArrivalVus } from './arrivals.ts';
import type { ArrivalPlan, ArrivalSchedule } from './arrivals.ts';
import type { Executor } from './executor.ts';

export interface ConstantArrivalRatePlan extends ArrivalPlan {
  readonly executor: 'constant-arrival-rate';
  readonly rate: number;
  readonly durationMs: number;
}

/** Starts iterations at a constant rate, whether or not others have ended. */
export const constantArrivalRate: Executor<ConstantArrivalRatePlan> = {
  fields: {
    rate: [count(1)],
    timeUnit: [positiveDuration, '1s'],
    duration: [positiveDuration],
    ...ARRIVAL_VU_FIELDS,
  },
  read: (field, place) => ({
    rate: field('rate'),
    timeUnitMs: field('timeUnit'),
    durationMs: field('duration'),
    ...readArrivalVus(field, place),
  }),
  lengthMs: ({ durationMs }) => durationMs,
  ...ARRIVAL_VUS,
  arrivals({ rate, timeUnitMs, durationMs }) {
    const perSecond = (rate * 1_000) / timeUnitMs;
    return [
      [0, perSecond],
      [durationMs, perSecond],
    ];
  },
  drive: (plan, scenario) =>
    driveArrivals(plan, scenario, constantArrivals(plan.rate, plan.timeUnitMs, plan.durationMs)),
};

/** `rate` arrivals per `timeUnitMs`, evenly spaced, the first at 0 (k6-contract.md 3.3). */
export function constantArrivals(rate: number, timeUnitMs: number, durationMs: number): ArrivalSchedule {
  const total = (rate * durationMs) / timeUnitMs;
  return (n) => (n < total - EPSILON ? (n * timeUnitMs) / rate : undefined);
}
