import { CLIENT_STEPS } from '../../catalogue/steps.ts';
import { selector } from '../../contract/threshold-selector.ts';
import type { Settings } from '../../lib/settings.ts';
import { ANSWERED, SHOWN, shown, verified } from '../../lib/thresholds.ts';
import type { Thresholds } from '../../lib/thresholds.ts';

/** Parts of a run with a burst, in their order. */
export const SPIKE_PHASES = ['steady', 'spike', 'recovery'] as const;

/**
 * A burst may make requests slow, but not fail, and nobody may be locked out by it. Before it all is as it should be, and
 * on the way back 95 % of the requests of each step are fast again: the queue that the burst left counts among the rest.
 */
export function spikeThresholds(settings: Settings): Thresholds {
  const errors = [`rate<=${settings.maxErrorRate}`];
  const list: Thresholds = { ...shown(), ...verified(settings), dropped_iterations: ['count==0'] };
  for (const phase of SPIKE_PHASES) {
    list[selector('flows', { phase })] = ['count>0'];
    list[selector('http_reqs', { peer: 'pf', phase })] = SHOWN;
    list[selector('http_req_duration', { ...ANSWERED, phase })] = SHOWN;
    list[selector('http_req_failed', { peer: 'pf', phase })] = errors;
    list[selector('outcome_mismatch', { phase })] = errors;
    if (phase === 'spike') continue;
    for (const step of CLIENT_STEPS) {
      list[selector('step_duration', { phase, step })] = [`p(95)<${settings.p95Ms}`];
    }
  }
  return list;
}
