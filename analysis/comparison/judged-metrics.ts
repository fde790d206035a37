import { isHostMetric } from '../../catalogue/metric-models.ts';
import { POLL_NAMES } from '../../contract/selector.ts';
import type { SeriesName, Tags } from '../../contract/series-counts.ts';

/** Which way a metric gets worse. */
export type Direction = 'higher' | 'lower';

/** What is read off a metric. A share is of a rate's samples, or of one counter in the sum of it and another. */
export type MetricReading =
  | { readonly read: 'percentiles'; readonly percentiles: readonly number[] }
  | { readonly read: 'share' }
  | { readonly read: 'share_of_sum'; readonly part: 'passed' | 'rest' }
  | { readonly read: 'per_second' };

/** A row of the table of metrics that people care about. */
export interface JudgedMetric {
  readonly metric: string;
  /** Only series with these tags. */
  readonly where?: Tags;
  /** One result for each value of this tag, but these. */
  readonly by?: string;
  readonly except?: readonly string[];
  readonly reading: MetricReading;
  /** Undefined: a threshold of the run says it, or nobody does. */
  readonly worse?: Direction | undefined;
  /** How results are called, where it is not the metric with its tags. */
  readonly title?: string;
  /** Counts whatever the phase: a flow that began on the way to the rate is also load. */
  readonly anyPhase?: true;
}

const percentiles = (...list: readonly number[]): MetricReading => ({ read: 'percentiles', percentiles: list });

/** Where iterations were due and no VU was free: `dropped_iterations` in all that were due. */
const DROPPED: readonly JudgedMetric[] = (['passed', 'rest'] as const).map((part) => ({
  metric: part === 'passed' ? 'dropped_iterations' : 'iterations',
  reading: { read: 'share_of_sum', part },
  worse: 'higher',
  title: 'dropped share',
  anyPhase: true,
}));

/** Our scenarios. Latencies have the names of the catalogue's aliases, polls one of their own. */
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

/** Any other script: what k6 measures by itself. Its own metrics come to it by `ownMetric`. */
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

/** Metrics that a record has only if it is of one of our scenarios. */
export const OF_A_FLOW = 'flows';

/**
 * How a metric of the script's own is judged: a trend by its 95th percentile, which is worse when it is higher if it is a time;
 * a rate by its share. What else is worse only a threshold says.
 */
export function ownMetric({ metric, type, contains }: SeriesName): JudgedMetric | undefined {
  if (isHostMetric(metric)) return undefined;
  if (type === 'trend') return { metric, reading: percentiles(95), worse: contains === 'time' ? 'higher' : undefined };
  return type === 'rate' ? { metric, reading: { read: 'share' } } : undefined;
}
