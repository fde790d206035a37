/** A minute at most: every kind of flow at least once, each must end as its user was expected to. */
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(() => require('./plan.ts').plan);

export const { options, setup, handleSummary } = test;
export default test.play;
