import type { SeriesName } from '../contract/interval.ts';
import { POLL_NAMES } from '../contract/latency.ts';
import type { MetricType } from '../catalogue/metrics.ts';
import { isAnswered } from './record-totals.ts';

/** A total that is followed over time. */
export interface Track {
  readonly metric: string;
  readonly type: MetricType;
  /** Only series with one of these values. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
}

/** What the report shows over time. Each costs one total per column, hence a short list. */
export const TRACKS = {
  flows: { metric: 'flows', type: 'counter' },
  outcomes: { metric: 'flow_outcomes', type: 'counter' },
  iterations: { metric: 'iterations', type: 'counter' },
  dropped: { metric: 'dropped_iterations', type: 'counter' },
  requests: { metric: 'http_reqs', type: 'counter' },
  pfRequests: { metric: 'http_req_duration', type: 'trend', tags: { peer: ['pf'] } },
  allRequests: { metric: 'http_req_duration', type: 'trend' },
  pairing: { metric: 'pairing_duration', type: 'trend' },
  pairingErrors: { metric: 'pairing_error_rate', type: 'rate' },
  polls: { metric: 'http_req_duration', type: 'trend', tags: { peer: ['pf'], name: POLL_NAMES } },
  pollErrors: { metric: 'poll_error_rate', type: 'rate' },
  decisionLag: { metric: 'decision_lag', type: 'trend' },
  vus: { metric: 'vus', type: 'gauge' },
  eventLoop: { metric: 'generator_event_loop_delay', type: 'trend' },
  startLag: { metric: 'generator_start_lag', type: 'trend' },
  cpuCores: { metric: 'generator_cpu_cores', type: 'gauge' },
  memoryBytes: { metric: 'generator_memory_bytes', type: 'gauge' },
  connections: { metric: 'generator_connections', type: 'gauge' },
} as const satisfies Record<string, Track>;

/** Name of a track. */
export type TrackName = keyof typeof TRACKS;

/** Tracks that a series belongs to. A record may call a metric what it likes: one of another type is left out. */
export function tracksOf({ metric, type, tags }: SeriesName): readonly TrackName[] {
  return (Object.keys(TRACKS) as TrackName[]).filter((name) => {
    const track: Track = TRACKS[name];
    if (track.metric !== metric || track.type !== type) return false;
    if (metric === 'http_req_duration' && !isAnswered(tags)) return false;
    return Object.entries(track.tags ?? {}).every(([tag, values]) => values.includes(tags[tag] ?? ''));
  });
}
