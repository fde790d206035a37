/** Flow starts at a rate that grows in steps until requests are slow, fail, or users do not get where they should. */
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(
  () => require('./plan.ts').plan,
  () => require('../../lib/phases/phase-watch.ts').watch,
);

export const { options, setup, handleSummary } = test;
export default test.play;
