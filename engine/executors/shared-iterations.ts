import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { CommonPlan, Executor } from './executor.ts';
import { ITERATION_FIELDS, loopIterations, readIterations } from './iteration-loop.ts';
import type { CountedIterations } from './iteration-loop.ts';

export interface SharedIterationsPlan extends CommonPlan, CountedIterations {
  readonly executor: 'shared-iterations';
}

/** A fixed number of iterations shared by all VUs, first come, first served. */
export const sharedIterations: Executor<SharedIterationsPlan> = {
  fields: ITERATION_FIELDS,
  read(field, place) {
    const own = readIterations(field);
    if (own.vus <= own.iterations) return own;
    throw new ConfigurationError(
      `${place}: ${own.vus} VUs share ${own.iterations} iterations; set at least one iteration per VU`,
    );
  },
  lengthMs: ({ maxDurationMs }) => maxDurationMs,
  vus: ({ vus }) => ({ atStart: vus, atMost: vus }),
  partition: (plan, vus, work) => ({ ...plan, vus: vus.count(plan.vus), iterations: work.count(plan.iterations) }),
  iterations: ({ iterations }) => iterations,
  drive(plan, scenario) {
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
  },
};
