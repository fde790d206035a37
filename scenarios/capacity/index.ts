/** Starts flows at a rate that grows in steps, until requests are slow or fail, or flows end unexpectedly. */
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(
  () => require('./plan.ts').plan,
  () => require('../../lib/phases/phase-watch.ts').watch,
);

export const { options, setup, handleSummary } = test;
export default test.play;
