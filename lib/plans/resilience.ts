import { resilienceLoad } from '../faults/fault-plan.ts';
import { resilienceHeadline } from '../faults/headline.ts';
import { endFaults, findFaultApi } from '../faults/served.ts';
import { resilienceThresholds } from '../faults/thresholds.ts';
import { planning } from '../run-plan.ts';

/** The plan of scenarios/resilience.ts. */
export const plan = planning({
  name: 'resilience',
  load: resilienceLoad,
  thresholds: resilienceThresholds,
  headline: resilienceHeadline,
  prepare: findFaultApi,
  teardown: endFaults,
});
