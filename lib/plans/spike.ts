import { planning } from '../run-plan.ts';
import { spikeHeadline } from '../spike/headline.ts';
import { spikeLoad } from '../spike/load.ts';
import { spikeThresholds } from '../spike/thresholds.ts';

/** The plan of scenarios/spike.ts. */
export const plan = planning({
  name: 'spike',
  load: spikeLoad,
  thresholds: spikeThresholds,
  headline: spikeHeadline,
});
