import { PHONE_STEPS, PF_STEPS } from '../contract/steps.ts';
import type { ActionId } from '../protocol/action-ids.ts';

/** Steps that only the simulator knows. */
const OWN_STEPS = ['userinfo', 'introspect', 'jwks', 'discovery', 'heartbeat', 'admin', 'unknown'] as const;

/** What a request is, for latency and metrics: a closed list. */
export type Step =
  'start' | 'readFlow' | 'token' | ActionId | (typeof PHONE_STEPS)[number] | (typeof OWN_STEPS)[number];

/** All steps, in the order in which the metrics list them. */
export const STEPS: readonly string[] = [...PF_STEPS, ...PHONE_STEPS, ...OWN_STEPS];
