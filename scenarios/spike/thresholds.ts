import { selector } from '../../contract/selector.ts';
import type { Settings } from '../../lib/settings.ts';
import { ANSWERED, SHOWN, latencies, shown, verified } from '../../lib/thresholds.ts';
import type { Thresholds } from '../../lib/thresholds.ts';

export const SPIKE_PHASES = ['steady', 'spike', 'recovery'] as const;

/**
 * A spike may slow requests down, but must not fail them or lock anybody out. Before it all limits apply; in the
 * recovery 95 % of each step's requests must be fast again, which leaves room for the queue of the spike.
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
    if (phase !== 'spike') Object.assign(list, latencies(settings, phase));
  }
  return list;
}
