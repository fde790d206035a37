/** A burst of many times the usual rate, and the recovery from it. */
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(
  () => require('./plan.ts').plan,
  () => require('../../lib/phases/phase-watch.ts').watch,
);

export const { options, setup, handleSummary } = test;
export default test.play;
