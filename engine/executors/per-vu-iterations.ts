import type { CommonPlan, Executor } from './executor.ts';
import { ITERATION_FIELDS, loopIterations, readIterations } from './iteration-loop.ts';
import type { CountedIterations } from './iteration-loop.ts';

export interface PerVuIterationsPlan extends CommonPlan, CountedIterations {
  readonly executor: 'per-vu-iterations';
}

/** A number of iterations for each VU. */
export const perVuIterations: Executor<PerVuIterationsPlan> = {
  fields: ITERATION_FIELDS,
  read: readIterations,
  lengthMs: ({ maxDurationMs }) => maxDurationMs,
  vus: ({ vus }) => ({ atStart: vus, atMost: vus }),
  partition: (plan, vus) => ({ ...plan, vus: vus.count(plan.vus) }),
  iterations: ({ iterations, vus }) => iterations * vus,
  drive(plan, scenario) {
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
  },
};
