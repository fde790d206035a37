import type { ScenarioPlan } from '../scenario-options.ts';
import { constantArrivalRate, rampingArrivalRate } from './arrivals.ts';
import { constantVus } from './constant-vus.ts';
import { perVuIterations } from './per-vu-iterations.ts';
import { rampingVus } from './ramping-vus.ts';
import type { Driver, ScenarioRun } from './scenario-run.ts';
import { sharedIterations } from './shared-iterations.ts';

/** The driver of a scenario, by its executor. */
export function driverOf(plan: ScenarioPlan, scenario: ScenarioRun): Driver {
  switch (plan.executor) {
    case 'shared-iterations':
      return sharedIterations(plan, scenario);
    case 'per-vu-iterations':
      return perVuIterations(plan, scenario);
    case 'constant-vus':
      return constantVus(plan, scenario);
    case 'ramping-vus':
      return rampingVus(plan, scenario);
    case 'constant-arrival-rate':
      return constantArrivalRate(plan, scenario);
    case 'ramping-arrival-rate':
      return rampingArrivalRate(plan, scenario);
  }
}
