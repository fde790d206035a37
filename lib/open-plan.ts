import { openModel } from './load-model.ts';
import { planning } from './run-plan.ts';
import type { Planning } from './run-plan.ts';
import { loadThresholds } from './thresholds.ts';

/** The plan of a scenario that starts flows at a fixed rate. */
export const openPlan = (name: 'load' | 'soak'): Planning =>
  planning({ name, load: openModel, thresholds: loadThresholds });
