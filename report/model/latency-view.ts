import { heatmap } from './heatmap.ts';
import type { RecordFold } from './record-fold.ts';
import type { LatencyView } from './report-model.ts';
import { trendOverTime, trendSummary } from './trend-summary.ts';

/** How long requests to PingFederate took, or all requests of a script that makes none there; null where there is none. */
export function latencyView(fold: RecordFold): LatencyView | null {
  const target = fold.totals.select('http_req_duration{peer:pf}');
  const track = fold.track(target === undefined ? 'allRequests' : 'pfRequests');
  const heat = heatmap(track);
  if (heat === null) return null;
  return {
    of: target === undefined ? 'requests' : 'requests to PingFederate',
    total: trendSummary(target ?? fold.totals.select('http_req_duration')),
    overTime: trendOverTime(track),
    heatmap: heat,
  };
}
