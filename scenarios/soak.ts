/** The same as load, long and low: what only shows after hours. */
import { prepareTest } from '../lib/test.ts';

const test = prepareTest(() => require('../lib/plans/soak.ts').plan);

export const { options, setup, handleSummary } = test;
export default test.play;
