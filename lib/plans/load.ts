import { openModel } from '../load-model.ts';
import { planning } from '../run-plan.ts';
import { loadThresholds } from '../thresholds.ts';

/** The plan of scenarios/load.ts. */
export const plan = planning({ name: 'load', load: openModel, thresholds: loadThresholds });
