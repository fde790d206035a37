import type { SharedIterationsPlan } from '../scenario-options.ts';
import { loopIterations } from './iteration-loop.ts';
import type { DriverOf } from './scenario-run.ts';

/** A number of iterations that all VUs share, first come, first served. */
export const sharedIterations: DriverOf<SharedIterationsPlan> = (plan, scenario) => {
  let left = plan.iterations;
  let looping = plan.vus;
  const next = (): boolean => left > 0 && left-- > 0;
  return {
    begin() {
      for (let i = 0; i < plan.vus; i++) {
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
