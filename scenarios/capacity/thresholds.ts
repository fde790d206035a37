import { selector } from '../../contract/selector.ts';
import type { Timeline } from '../../lib/phases/timeline.ts';
import type { Settings } from '../../lib/settings.ts';
import { ANSWERED, SHOWN, shown, verified } from '../../lib/thresholds.ts';
import type { Thresholds } from '../../lib/thresholds.ts';

/** Share of its time that a level has run before it can end the search: a handful of requests decides nothing. */
const JUDGED_FROM = 0.5;

/**
 * What ends the search: at one of the rates requests become slow or fail, flows do not end as expected, or starts find no
 * free virtual user because flows take too long. Each rate is judged by what happened in its own time.
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
