import { count, positiveDuration } from '../option-fields.ts';
import type { CommonPlan, Executor } from './executor.ts';
import { loopIterations } from './iteration-loop.ts';

export interface ConstantVusPlan extends CommonPlan {
  readonly executor: 'constant-vus';
  readonly vus: number;
  readonly durationMs: number;
}

const always = (): boolean => true;
const nothing = (): void => undefined;

/** A constant number of VUs that iterate for a given time. */
export const constantVus: Executor<ConstantVusPlan> = {
  fields: { vus: [count(1), 1], duration: [positiveDuration] },
  read: (field) => ({ vus: field('vus'), durationMs: field('duration') }),
  lengthMs: ({ durationMs }) => durationMs,
  vus: ({ vus }) => ({ atStart: vus, atMost: vus }),
  partition: (plan, vus) => ({ ...plan, vus: vus.count(plan.vus) }),
  drive: (plan, scenario) => ({
    begin() {
      for (let i = 0; i < plan.vus; i++) loopIterations(scenario, scenario.takeVu(), always, nothing);
    },
    close: nothing,
  }),
};
