import { planning } from '../../lib/run-plan.ts';
import { resilienceHeadline } from './answer.ts';
import { resilienceLoad } from './load.ts';
import { endFaults, findFaultApi } from './served.ts';
import { resilienceThresholds } from './thresholds.ts';

/** One fault after the other, each with a time to recover; none stands before the load or after it. */
export const plan = planning({
  name: 'resilience',
  load: resilienceLoad,
  thresholds: resilienceThresholds,
  headline: resilienceHeadline,
  prepare: findFaultApi,
  teardown: endFaults,
});
