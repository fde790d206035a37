import { isHostMetric } from '../../catalogue/metric-models.ts';
import { POLL_NAMES } from '../../contract/selector.ts';
import type { SeriesName, Tags } from '../../contract/series-counts.ts';

/** The direction in which a metric gets worse. */
export type Direction = 'higher' | 'lower';

/** How a metric is read. A share is of a rate's samples, or of one counter in the sum of two. */
export type MetricReading =
  | { readonly read: 'percentiles'; readonly percentiles: readonly number[] }
  | { readonly read: 'share' }
  | { readonly read: 'share_of_sum'; readonly part: 'passed' | 'rest' }
  | { readonly read: 'per_second' };

/** A row of the table of metrics to compare. */
export interface JudgedMetric {
  readonly metric: string;
  /** Only series with these tags. */
  readonly where?: Tags;
  /** One result per value of this tag, except these. */
  readonly by?: string;
  readonly except?: readonly string[];
  readonly reading: MetricReading;
  /** Undefined: only a threshold of the run can tell. */
  readonly worse?: Direction | undefined;
  /** Name of the result, if not the metric with its tags. */
  readonly title?: string;
  /** Counts in every phase: a flow that started while ramping up is load as well. */
  readonly anyPhase?: true;
}

const percentiles = (...list: readonly number[]): MetricReading => ({ read: 'percentiles', percentiles: list });

/** Share of due iterations that were dropped because no VU was free. */
const DROPPED: readonly JudgedMetric[] = (['passed', 'rest'] as const).map((part) => ({
  metric: part === 'passed' ? 'dropped_iterations' : 'iterations',
  reading: { read: 'share_of_sum', part },
  worse: 'higher',
  title: 'dropped share',
  anyPhase: true,
}));

/** Metrics of our scenarios. Latencies go by the catalogue's aliases. */
export const FLOW_METRICS: readonly JudgedMetric[] = [
  { metric: 'step_duration', by: 'step', except: POLL_NAMES, reading: percentiles(50, 95, 99), worse: 'higher' },
  { metric: 'poll_duration', reading: percentiles(50, 95, 99), worse: 'higher' },
  { metric: 'decision_lag', reading: percentiles(95), worse: 'higher' },
  { metric: 'pairing_duration', reading: percentiles(95), worse: 'higher' },
  { metric: 'flow_duration', reading: percentiles(95), worse: 'higher' },
  { metric: 'http_req_duration', where: { peer: 'pf' }, reading: percentiles(95), worse: 'higher' },
  { metric: 'pairing_error_rate', reading: { read: 'share' }, worse: 'higher' },
  { metric: 'poll_error_rate', reading: { read: 'share' }, worse: 'higher' },
  { metric: 'outcome_mismatch', reading: { read: 'share' }, worse: 'higher' },
  { metric: 'http_req_failed', where: { peer: 'pf' }, reading: { read: 'share' }, worse: 'higher' },
  {
    metric: 'flow_outcomes',
    reading: { read: 'per_second' },
    worse: 'lower',
    title: 'flows ended per second',
    anyPhase: true,
  },
  ...DROPPED,
];

/** k6's own metrics, for any other script; its custom metrics come from `ownMetric`. */
export const SCRIPT_METRICS: readonly JudgedMetric[] = [
  { metric: 'http_req_duration', by: 'name', reading: percentiles(50, 95, 99), worse: 'higher' },
  { metric: 'http_req_failed', reading: { read: 'share' }, worse: 'higher' },
  { metric: 'checks', reading: { read: 'share' }, worse: 'lower' },
  {
    metric: 'iterations',
    reading: { read: 'per_second' },
    worse: 'lower',
    title: 'iterations per second',
    anyPhase: true,
  },
  ...DROPPED,
];

/** Only records of our scenarios have this metric. */
export const OF_A_FLOW = 'flows';

/**
 * How a custom metric is judged: a trend by its 95th percentile (higher is worse if it is a time), a rate by its share.
 * For all else only a threshold tells the direction.
 */
export function ownMetric({ metric, type, contains }: SeriesName): JudgedMetric | undefined {
  if (isHostMetric(metric)) return undefined;
  if (type === 'trend') return { metric, reading: percentiles(95), worse: contains === 'time' ? 'higher' : undefined };
  return type === 'rate' ? { metric, reading: { read: 'share' } } : undefined;
}
