import { selector } from '../../contract/selector.ts';
import type { Timeline } from '../../lib/phases/timeline.ts';
import type { Settings } from '../../lib/settings.ts';
import { ANSWERED, SHOWN, shown, verified } from '../../lib/thresholds.ts';
import type { Thresholds } from '../../lib/thresholds.ts';

/** Share of a level's time before it can end the search: a handful of requests proves nothing. */
const JUDGED_FROM = 0.5;

/**
 * Thresholds that end the search: at some level requests are slow or fail, flows end unexpectedly, or starts find no
 * free VU because flows take too long. Each level is judged on its own time.
 */
export function capacityThresholds(settings: Settings, timeline: Timeline): Thresholds {
  const list: Thresholds = { ...shown(), ...verified(settings), flows: ['count>0'] };
  for (const { level = '', startMs, endMs } of timeline) {
    const delayAbortEval = `${Math.round(startMs + JUDGED_FROM * (endMs - startMs))}ms`;
    const ends = (threshold: string) => [{ threshold, abortOnFail: true, delayAbortEval }];
    list[selector('http_req_duration', { ...ANSWERED, level })] = ends(`p(95)<${settings.p95Ms}`);
    list[selector('http_req_failed', { peer: 'pf', level })] = ends(`rate<=${settings.maxErrorRate}`);
    list[selector('outcome_mismatch', { level })] = ends(`rate<=${settings.maxErrorRate}`);
    list[selector('flows', { level })] = SHOWN;
    list[selector('http_reqs', { peer: 'pf', level })] = SHOWN;
  }
  list['dropped_iterations'] = [{ threshold: 'count==0', abortOnFail: true }];
  return list;
}
