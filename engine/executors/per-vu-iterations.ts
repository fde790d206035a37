import type { PerVuIterationsPlan } from '../scenario-options.ts';
import { loopIterations } from './iteration-loop.ts';
import type { DriverOf } from './scenario-run.ts';

/** A number of iterations for each VU. */
export const perVuIterations: DriverOf<PerVuIterationsPlan> = (plan, scenario) => {
  let left = plan.vus * plan.iterations;
  let looping = plan.vus;
  return {
    begin() {
      for (let i = 0; i < plan.vus; i++) {
        let own = plan.iterations;
        const next = (): boolean => {
          if (own === 0) return false;
          own--;
          left--;
          return true;
        };
        loopIterations(scenario, scenario.takeVu(), next, () => {
          if (--looping === 0) scenario.close(true);
        });
      }
    },
    close(byPlan) {
      if (byPlan) scenario.drop(left);
    },
  };
};
