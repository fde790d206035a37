/** The same as load, long and low: what only shows after hours. */
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(() => require('../../lib/open-plan.ts').openPlan('soak'));

export const { options, setup, handleSummary } = test;
export default test.play;
