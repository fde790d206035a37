import { ConfigurationError } from '../../contract/configuration-error.ts';
import { count } from '../option-fields.ts';
import type { CommonPlan, Driver, Executor, Field, ReadField, Scenario, ScenarioVu } from './executor.ts';
import type { Partition } from './partition.ts';

/** When the n-th iteration (from 0) is due, in milliseconds from the start; `undefined` after the last. */
export type ArrivalSchedule = (n: number) => number | undefined;

/** Tolerance for rounding errors in sums: a billionth of an arrival does not count. */
export const EPSILON = 1e-9;

/** A plan of arrivals, each of which needs a free VU. */
export interface ArrivalPlan extends CommonPlan {
  readonly timeUnitMs: number;
  readonly preAllocatedVus: number;
  readonly maxVus: number;
}

export const ARRIVAL_VU_FIELDS: Readonly<Record<string, Field>> = {
  preAllocatedVUs: [count(0)],
  maxVUs: [count(1), null],
};

/** Reads ARRIVAL_VU_FIELDS. Throws a ConfigurationError, with `place`, if they contradict each other. */
export function readArrivalVus(field: ReadField, place: string): Pick<ArrivalPlan, 'preAllocatedVus' | 'maxVus'> {
  const preAllocatedVus: number = field('preAllocatedVUs');
  const given = field('maxVUs') as number | null;
  const maxVus = given ?? preAllocatedVus;
  if (maxVus < preAllocatedVus || maxVus < 1) {
    throw new ConfigurationError(
      `${place}.maxVUs is ${maxVus}, preAllocatedVUs is ${preAllocatedVus}; maxVUs must be at least preAllocatedVUs, and at least 1`,
    );
  }
  return { preAllocatedVus, maxVus };
}

/** The parts of an arrival-rate executor that concern VUs. */
export const ARRIVAL_VUS = {
  vus: ({ preAllocatedVus, maxVus }: ArrivalPlan) => ({ atStart: preAllocatedVus, atMost: maxVus }),
  partition: <Plan extends ArrivalPlan>(plan: Plan, vus: Partition): Plan => ({
    ...plan,
    preAllocatedVus: vus.count(plan.preAllocatedVus),
    maxVus: vus.count(plan.maxVus),
  }),
} satisfies Partial<Executor<ArrivalPlan>>;

/**
 * Starts iterations when they are due, by absolute times and one timer. A due iteration without a free VU is dropped,
 * never queued; a late one with a free VU runs (k6-contract.md 3.3).
 */
export function driveArrivals(plan: ArrivalPlan, scenario: Scenario, wholeDueMs: ArrivalSchedule): Driver {
  const free: ScenarioVu[] = [];
  /** This partition's k-th arrival; the schedule is the whole test's. */
  const dueMs: ArrivalSchedule = (k) => wholeDueMs(scenario.partition.work.index(k));
  let vus = 0;
  let next = 0;
  let timer: NodeJS.Timeout | undefined;
  let warned = false;

  const addVu = (): void => {
    try {
      free.push(scenario.takeVu());
      vus++;
    } catch (thrown) {
      scenario.failInit(thrown);
    }
  };
  const arrive = (lateMs: number): void => {
    const vu = free.shift();
    if (vu !== undefined) {
      scenario.startedLate(lateMs);
      scenario.iterate(vu, () => {
        scenario.setActive(vu, false);
        free.push(vu);
      });
      return;
    }
    scenario.drop(1);
    if (vus < plan.maxVus) addVu();
    else if (!warned) {
      warned = true;
      scenario.warn(
        `Insufficient VUs, reached ${vus} active VUs and cannot initialize more (scenario ${plan.name}); iterations are dropped`,
      );
    }
  };
  const follow = (planIsOver = false): void => {
    for (;;) {
      const due = dueMs(next);
      if (due === undefined) return;
      const waitMs = due - scenario.elapsedMs();
      if (waitMs > 0 && !planIsOver) {
        timer = setTimeout(() => follow(), Math.ceil(waitMs));
        return;
      }
      next++;
      arrive(Math.max(0, -waitMs));
      if (!scenario.open) return;
    }
  };
  return {
    begin() {
      while (vus < plan.preAllocatedVus) addVu();
      follow();
    },
    planEnds: () => follow(true),
    close: () => clearTimeout(timer),
  };
}
