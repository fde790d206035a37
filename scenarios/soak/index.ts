/** Like load, but long and at a low rate, to show what only appears after hours. */
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(() => require('../../lib/open-plan.ts').openPlan('soak'));

export const { options, setup, handleSummary } = test;
export default test.play;
