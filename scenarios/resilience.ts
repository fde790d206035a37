/** Steady load while one thing after the other goes wrong, and is mended. */
import '../lib/faults/fault-metrics.ts';
import { prepareTest } from '../lib/test.ts';

const test = prepareTest(
  () => require('../lib/plans/resilience.ts').plan,
  () => require('../lib/faults/fault-watch.ts').watch,
);

export const { options, setup, teardown, handleSummary } = test;
export const faults = (): Promise<void> => require('../lib/faults/inject.ts').injectFaults(test.plan);
export default test.play;
