import { sharedFlows } from '../../lib/load-model.ts';
import { planning } from '../../lib/run-plan.ts';
import { smokeThresholds } from '../../lib/thresholds.ts';

/** Each flow kind once, as fast as flows end. */
export const plan = planning({ name: 'smoke', load: sharedFlows, thresholds: smokeThresholds });
