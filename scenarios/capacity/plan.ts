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
  prepare: async ({ settings: { stepMs, timeScale }, facts }) => {
    const longestMs = facts.longestHumanMs * timeScale;
    if (stepMs < longestMs) {
      const [step, flow] = [stepMs, longestMs].map((ms) => Math.ceil(ms / 100) / 10);
      console.warn(
        `STEP_DURATION is ${step!} s, and a flow may take ${flow!} s: a rate may hold only because its load has not reached the target yet`,
      );
    }
    return {};
  },
});
