/** The same as load, long and low: what only shows after hours. */
import { openModel } from '../lib/load-model.ts';
import { prepareTest } from '../lib/test.ts';
import { loadThresholds } from '../lib/thresholds.ts';

const test = prepareTest({ name: 'soak', load: openModel, thresholds: loadThresholds });

export const { options, setup, handleSummary } = test;
export default test.play;
