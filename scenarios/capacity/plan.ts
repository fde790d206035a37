import { planning } from '../../lib/run-plan.ts';
import { capacityHeadline } from './answer.ts';
import { capacityLoad } from './load.ts';
import { capacityThresholds } from './thresholds.ts';

/** A search for capacity: each rate is judged by itself, and the first that breaks ends it. */
export const plan = planning({
  name: 'capacity',
  load: capacityLoad,
  thresholds: (settings, _kinds, timeline) => capacityThresholds(settings, timeline),
  headline: capacityHeadline,
});
