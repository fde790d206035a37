import { planning } from '../../lib/run-plan.ts';
import { resilienceHeadline } from './answer.ts';
import { resilienceLoad } from './load.ts';
import { endFaults, findFaultApi } from './served.ts';
import { resilienceThresholds } from './thresholds.ts';

/** Faults in sequence, each with a recovery; none is active before or after the load. */
export const plan = planning({
  name: 'resilience',
  load: resilienceLoad,
  thresholds: resilienceThresholds,
  headline: resilienceHeadline,
  prepare: findFaultApi,
  teardown: endFaults,
});
