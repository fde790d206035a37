import type { ScenarioPlan } from '../scenario-options.ts';
import { vusOf } from '../scenario-options.ts';
import { workOf } from './stripe.ts';
import type { Stripe } from './stripe.ts';

/** What of a scenario falls to a part of the test. */
export interface PlanPart {
  /** The plan with this part's numbers of VUs and iterations; rates and stages are those of the whole. */
  readonly plan: ScenarioPlan;
  /** Which of the scenario's VUs. */
  readonly vus: Stripe;
  /** Which of its iterations or arrivals. */
  readonly work: Stripe;
}

/** A part of a plan; `undefined` if no VU of it falls there. The parts sum to the whole. */
export function planPart(plan: ScenarioPlan, vus: Stripe): PlanPart | undefined {
  const most = vusOf(plan).atMost;
  if (vus.count(most) === 0) return undefined;
  const work = workOf(vus, most);
  switch (plan.executor) {
    case 'shared-iterations':
      return { plan: { ...plan, vus: vus.count(plan.vus), iterations: work.count(plan.iterations) }, vus, work };
    case 'per-vu-iterations':
    case 'constant-vus':
      return { plan: { ...plan, vus: vus.count(plan.vus) }, vus, work };
    case 'ramping-vus':
      return { plan, vus, work };
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate': {
      const preAllocatedVus = vus.count(plan.preAllocatedVus);
      return { plan: { ...plan, preAllocatedVus, maxVus: vus.count(plan.maxVus) }, vus, work };
    }
  }
}
