/** A minute at most: every kind of flow at least once, each must end as its user was prescribed to. */
import { sharedFlows } from '../lib/load-model.ts';
import { prepareTest } from '../lib/test.ts';
import { smokeThresholds } from '../lib/thresholds.ts';

const test = prepareTest({ name: 'smoke', load: sharedFlows, thresholds: smokeThresholds });

export const { options, setup, handleSummary } = test;
export default test.play;
