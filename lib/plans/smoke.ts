import { sharedFlows } from '../load-model.ts';
import { planning } from '../run-plan.ts';
import { smokeThresholds } from '../thresholds.ts';

/** The plan of scenarios/smoke.ts. */
export const plan = planning({ name: 'smoke', load: sharedFlows, thresholds: smokeThresholds });
