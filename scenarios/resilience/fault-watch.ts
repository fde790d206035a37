import { isOwnError } from '../../catalogue/failure-sides.ts';
import { NO_FAULT } from '../../catalogue/phases.ts';
import type { FlowWatch } from '../../lib/flow/flow-watch.ts';
import { tagWith } from '../../lib/phases/phase-watch.ts';
import { spanAt } from '../../lib/phases/timeline.ts';
import type { PlayedPlan } from '../../lib/played-plan.ts';
import { FAULT_HEADER } from '../../simulator/wire/admin-api.ts';
import { faultSample } from './fault-metrics.ts';
import { binAt } from './bins.ts';
import { scenario } from 'k6/execution';

/**
 * Tags a flow's samples with the phase they fall into, counts responses by the fault they name, and records how the
 * target does before, during and after each fault. A request without a response, or one that the engine resent because
 * its connection was cut, cannot name its fault: it counts for the latest fault until its recovery is over.
 */
export const watch = ({ timeline = [], settings }: PlayedPlan): FlowWatch => {
  const { recoveryMs, faults, clientProfile, ownProfile } = settings;
  /** The client of the flow that is played. */
  let profile = '';
  /** The current span, and the tags of `phase_…` samples; undefined: none are recorded now. */
  const placed = () => {
    const atMs = Date.now() - scenario.startTime;
    const span = spanAt(timeline, atMs);
    tagWith(span);
    const tags = span.fault === undefined ? undefined : { fault: span.fault, bin: binAt(span, atMs, recoveryMs) };
    return { span, tags };
  };
  return {
    began: ({ behaviour }) => {
      placed();
      profile = ownProfile ? 'own' : clientProfile === 'inventory' ? behaviour.profile : clientProfile;
      faultSample('profile_flows', 1, { profile });
    },
    asks: () => {
      const { tags, span } = placed();
      return (res, failed) => {
        // Repeats of a storm are not rated, and counted apart (`peer:storm`).
        if (failed !== undefined) faultSample('profile_requests', 1, { profile });
        if (tags !== undefined && failed !== undefined) {
          tagWith(span);
          faultSample('phase_duration', res.timings.duration, tags);
          faultSample('phase_failed', failed, tags);
        }
        const named = res.headers[FAULT_HEADER];
        if (named !== undefined) {
          // Arbitrary server text must not become a tag value.
          faultSample('faults_seen', 1, { fault: faults.includes(named) ? named : 'other', how: 'named' });
        }
        const cut = named === undefined && res.status === 0 && !isOwnError(res.error_code);
        // Only our engine resends, and says so.
        const { resent } = res as { readonly resent?: boolean };
        for (const how of [cut && 'cut', resent && 'resent'] as const) {
          if (!how) continue;
          const begun = tags === undefined || tags.fault === NO_FAULT ? placed().tags : tags;
          faultSample('faults_seen', 1, { fault: begun?.fault ?? NO_FAULT, how });
        }
      };
    },
    ended: (asPrescribed) => {
      const { tags } = placed();
      if (tags !== undefined) faultSample('phase_mismatch', !asPrescribed, tags);
    },
  };
};
