/** Flow starts at a fixed rate, whatever the target makes of them: ramp to RATE, then DURATION at RATE. */
import { openModel } from '../lib/load-model.ts';
import { prepareTest } from '../lib/test.ts';
import { loadThresholds } from '../lib/thresholds.ts';

const test = prepareTest({ name: 'load', load: openModel, thresholds: loadThresholds });

export const { options, setup, handleSummary } = test;
export default test.play;
