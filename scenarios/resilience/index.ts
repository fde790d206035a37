/** Steady load while one thing after the other goes wrong, and is mended. */
import './fault-metrics.ts';
import { prepareTest } from '../../lib/test.ts';

const test = prepareTest(
  () => require('./plan.ts').plan,
  () => require('./fault-watch.ts').watch,
);

export const { options, setup, teardown, handleSummary } = test;
export const faults = (): Promise<void> => require('./inject.ts').injectFaults(test.plan);
export default test.play;
