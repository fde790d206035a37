/** Starts flows at a fixed rate, however the target responds: ramp to RATE, then DURATION at RATE. */
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(() => require('../../lib/open-plan.ts').openPlan('load'));

export const { options, setup, handleSummary } = test;
export default test.play;
