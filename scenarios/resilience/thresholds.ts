import { NO_FAULT, BINS } from '../../catalogue/phases.ts';
import { TAG_VALUES } from '../../catalogue/tag-values.ts';
import { selector } from '../../contract/selector.ts';
import type { Settings } from '../../lib/settings.ts';
import { SHOWN, latencies, shown, verified } from '../../lib/thresholds.ts';
import type { Thresholds } from '../../lib/thresholds.ts';
import { faultNames } from './faults.ts';

/** Metrics of the target's behaviour around a fault. */
const PHASE_METRICS = ['phase_duration', 'phase_failed', 'phase_mismatch'] as const;

/**
 * During a fault and its recovery, anything may happen. Before the first fault and after each recovery everything must
 * be fine: that is what "it recovers" means. And each fault must have been injected.
 */
export function resilienceThresholds(settings: Settings): Thresholds {
  const steady = { phase: 'steady' };
  const errors = [`rate<=${settings.maxErrorRate}`];
  const list: Thresholds = {
    ...shown(),
    ...verified(settings),
    [selector('outcome_mismatch', steady)]: errors,
    [selector('http_req_failed', { peer: 'pf', ...steady })]: errors,
    [selector('flows', steady)]: ['count>0'],
    dropped_iterations: ['count==0'],
    ...latencies(settings, 'steady'),
  };
  const showPhase = (tags: Record<string, string>): void => {
    for (const metric of PHASE_METRICS) list[selector(metric, tags)] = SHOWN;
  };
  const showBins = (fault: string): void => {
    for (const bin of BINS) showPhase({ fault, bin });
  };
  showPhase({ fault: NO_FAULT });
  showBins(NO_FAULT);
  for (const fault of faultNames(settings)) {
    showPhase({ fault, phase: 'fault' });
    showPhase({ fault, phase: 'recovery' });
    showBins(fault);
    for (const how of TAG_VALUES.how) {
      list[selector('faults_seen', { fault, how })] = SHOWN;
      list[selector('faults_served', { fault, how })] = SHOWN;
    }
    for (const edge of ['start', 'end']) list[selector('fault_injections', { fault, edge })] = ['count==1'];
  }
  return list;
}
