import type { ConstantArrivalRatePlan, RampingArrivalRatePlan } from '../scenario-options.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { constantArrivals, rampingArrivals } from './arrival-schedule.ts';
import type { ArrivalSchedule } from './arrival-schedule.ts';
import type { Driver, DriverOf, ScenarioRun } from './scenario-run.ts';

export const constantArrivalRate: DriverOf<ConstantArrivalRatePlan> = (plan, scenario) =>
  arrivals(plan, scenario, constantArrivals(plan.rate, plan.timeUnitMs, plan.durationMs));

export const rampingArrivalRate: DriverOf<RampingArrivalRatePlan> = (plan, scenario) =>
  arrivals(plan, scenario, rampingArrivals(plan.startRate, plan.timeUnitMs, plan.stages));

/**
 * Starts iterations when they are due, by absolute times and one timer. A due iteration without a free VU is dropped,
 * never queued; a late one with a free VU runs (k6-contract.md 3.3).
 */
function arrivals(
  plan: ConstantArrivalRatePlan | RampingArrivalRatePlan,
  scenario: ScenarioRun,
  wholeDueMs: ArrivalSchedule,
): Driver {
  const free: VirtualUser[] = [];
  /** This part's k-th arrival; the schedule is that of the whole test. */
  const dueMs: ArrivalSchedule = (k) => wholeDueMs(scenario.part.work.index(k));
  let vus = 0;
  let next = 0;
  let timer: NodeJS.Timeout | undefined;
  let warned = false;

  const addVu = (): void => {
    try {
      free.push(scenario.takeVu());
      vus++;
    } catch (thrown) {
      scenario.run.failInit(thrown);
    }
  };
  const arrive = (lateMs: number): void => {
    const vu = free.shift();
    if (vu !== undefined) {
      scenario.run.generatorSeries('generator_start_lag').add(lateMs);
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
      scenario.run.log.warning(
        `Insufficient VUs, reached ${vus} active VUs and cannot initialize more (scenario ${plan.name}); iterations are dropped`,
      );
    }
  };
  const follow = (): void => {
    for (;;) {
      const due = dueMs(next);
      if (due === undefined) return;
      const waitMs = due - scenario.elapsedMs();
      if (waitMs > 0) {
        timer = setTimeout(follow, Math.ceil(waitMs));
        return;
      }
      next++;
      arrive(-waitMs);
      if (!scenario.open) return;
    }
  };
  return {
    begin() {
      while (vus < plan.preAllocatedVus) addVu();
      follow();
    },
    close(byPlan) {
      clearTimeout(timer);
      if (!byPlan) return;
      // Ticks that were due and that a blocked event loop kept from being served.
      let missed = 0;
      while (dueMs(next + missed) !== undefined) missed++;
      scenario.drop(missed);
    },
  };
}
