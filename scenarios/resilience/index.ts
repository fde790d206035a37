/** Steady load while one fault after another is started and ended. */
import './fault-metrics.ts';
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(
  () => require('./plan.ts').plan,
  () => require('./fault-watch.ts').watch,
);

export const { options, setup, teardown, handleSummary } = test;
export const faults = (): Promise<void> => require('./inject.ts').injectFaults(test.plan());
export default test.play;
