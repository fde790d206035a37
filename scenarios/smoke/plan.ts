import { sharedFlows } from '../../lib/load-model.ts';
import { planning } from '../../lib/run-plan.ts';
import { smokeThresholds } from '../../lib/thresholds.ts';

/** Every kind of flow once, as fast as they end. */
export const plan = planning({ name: 'smoke', load: sharedFlows, thresholds: smokeThresholds });
