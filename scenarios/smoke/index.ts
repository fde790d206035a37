/** Plays each flow kind at least once, in a minute at most; each flow must end with its expected outcome. */
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(() => require('./plan.ts').plan);

export const { options, setup, handleSummary } = test;
export default test.play;
