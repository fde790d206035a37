import { planning } from '../../lib/run-plan.ts';
import { spikeHeadline } from './answer.ts';
import { spikeLoad } from './load.ts';
import { spikeThresholds } from './thresholds.ts';

/** A burst between two phases at RATE. */
export const plan = planning({
  name: 'spike',
  load: spikeLoad,
  thresholds: spikeThresholds,
  headline: spikeHeadline,
});
