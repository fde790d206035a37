import { openModel } from '../load-model.ts';
import { planning } from '../run-plan.ts';
import { loadThresholds } from '../thresholds.ts';

/** The plan of scenarios/soak.ts. */
export const plan = planning({ name: 'soak', load: openModel, thresholds: loadThresholds });
