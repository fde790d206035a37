import type { ConstantVusPlan } from '../scenario-options.ts';
import { loopIterations } from './iteration-loop.ts';
import type { DriverOf } from './scenario-run.ts';

/** A number of VUs that iterate until the time is over. */
export const constantVus: DriverOf<ConstantVusPlan> = (plan, scenario) => ({
  begin() {
    for (let i = 0; i < plan.vus; i++) {
      loopIterations(
        scenario,
        scenario.takeVu(),
        () => true,
        () => undefined,
      );
    }
  },
  close: () => undefined,
});
