import type { RecordFold } from '../../record/record-fold.ts';
import { isAnswered } from '../../record/record-totals.ts';
import { heatmap } from './heatmap.ts';
import type { LatencyView } from './report-model.ts';
import { trendOverTime, trendSummary } from './trend-summary.ts';

/** How long answered requests to PingFederate took, or all requests of a script that makes none there; null where there is none. */
export function latencyView(fold: RecordFold): LatencyView | null {
  const target = fold.totals.select('http_req_duration{peer:pf}', isAnswered);
  const track = fold.track(target === undefined ? 'allRequests' : 'pfRequests');
  const heat = heatmap(track);
  if (heat === null) return null;
  return {
    of: target === undefined ? 'answered requests' : 'answered requests to PingFederate',
    total: trendSummary(target ?? fold.totals.select('http_req_duration', isAnswered)),
    overTime: trendOverTime(track),
    heatmap: heat,
  };
}
