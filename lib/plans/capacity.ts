import { capacityHeadline } from '../capacity/headline.ts';
import { capacityLoad } from '../capacity/load.ts';
import { capacityThresholds } from '../capacity/thresholds.ts';
import { planning } from '../run-plan.ts';

/** The plan of scenarios/capacity.ts. */
export const plan = planning({
  name: 'capacity',
  load: capacityLoad,
  thresholds: (settings, _kinds, timeline) => capacityThresholds(settings, timeline),
  headline: capacityHeadline,
});
