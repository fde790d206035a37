import { planning } from '../../lib/run-plan.ts';
import { capacityHeadline } from './answer.ts';
import { capacityLoad } from './load.ts';
import { capacityThresholds } from './thresholds.ts';

/** Each level is judged on its own; the first that breaks ends the search. */
export const plan = planning({
  name: 'capacity',
  load: capacityLoad,
  thresholds: (settings, _kinds, timeline) => capacityThresholds(settings, timeline),
  headline: capacityHeadline,
});
