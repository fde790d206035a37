import { PHONE_STEPS, PF_STEPS } from '../catalogue/steps.ts';

/** Steps that only the simulator knows. */
const OWN_STEPS = ['jwks', 'discovery', 'heartbeat', 'admin', 'unknown'] as const;

/** What a request is, for latency and metrics: a closed list. */
export type Step = (typeof PF_STEPS)[number] | (typeof PHONE_STEPS)[number] | (typeof OWN_STEPS)[number];

/** All steps, in the order in which the metrics list them. */
export const STEPS: readonly string[] = [...PF_STEPS, ...PHONE_STEPS, ...OWN_STEPS];
