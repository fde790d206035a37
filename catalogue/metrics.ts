import type { TAG_VALUES } from './tag-values.ts';

/** k6's metric types (k6-contract.md 4.1). */
export const METRIC_TYPES = ['counter', 'gauge', 'rate', 'trend'] as const;
export type MetricType = (typeof METRIC_TYPES)[number];

/** Contents of a metric: plain numbers, milliseconds, or bytes. */
export const CONTENTS = ['default', 'time', 'data'] as const;
export type Contains = (typeof CONTENTS)[number];

/**
 * The metric catalogue, by origin. An entry is a k6 type, `time` (a trend in milliseconds), `bytes` (a counter of
 * bytes) or `size` (a gauge in bytes), followed by the metric's tags. metric-models.ts parses it, metric-meanings.ts
 * says what one sample means; definitions are in docs/architecture.md, "Metrics, exactly".
 *
 * Ours, of every scenario. Entries are strings because every VU holds this table, and on k6 an object costs half a
 * kilobyte. The tables below are not part of a VU's bundle.
 */
export const METRICS = {
  flows: 'counter kind',
  starts_answered: 'counter',
  flow_outcomes: 'counter kind outcome',
  outcome_mismatch: 'rate kind',
  off_path: 'counter kind status path',
  paths_found: 'counter found',
  flow_duration: 'time kind',
  pairing_error_rate: 'rate platform',
  pairing_duration: 'time platform',
  polls_per_flow: 'trend',
  poll_error_rate: 'rate',
  late_polls: 'counter',
  decision_lag: 'time',
  unexpected_state: 'counter status',
  step_lateness: 'time',
  attempts: 'counter step',
  retry_amplification: 'trend',
  storm_duration: 'time http held',
} as const;

/**
 * Ours, of the resilience scenario: `phase_…` describe the target before, during and after each fault; `fault…` count
 * faults on both sides; `profile_…` count what each kind of client asks.
 */
export const FAULT_METRICS = {
  phase_duration: 'time fault bin',
  phase_failed: 'rate fault bin',
  phase_mismatch: 'rate fault bin',
  faults_seen: 'counter fault how',
  faults_served: 'counter fault how',
  fault_injections: 'counter fault edge',
  fault_edge_ms: 'gauge fault edge',
  profile_flows: 'counter profile',
  profile_requests: 'counter profile',
} as const;

/**
 * What the load generator measures of itself. These series stand in the run record and in Prometheus beside the script's own,
 * never in its thresholds and summary. `error` is the text of a failure, `host` a name that `address` was found for. Of several machines, trends merge, counters add up, and of a gauge the newest counts.
 */
export const GENERATOR_METRICS = {
  generator_event_loop_delay: 'time',
  generator_start_lag: 'time',
  generator_gc_pause: 'time',
  generator_cpu_cores: 'gauge',
  generator_memory_bytes: 'size',
  generator_connections: 'gauge',
  generator_failed_requests: 'counter',
  connections_opened: 'counter host address',
  connections_replaced: 'counter',
} as const;

/** k6's built-in metrics (k6-contract.md 4.2), with the tags by which reports break them down. */
export const BUILT_IN_METRICS = {
  vus: 'gauge',
  vus_max: 'gauge',
  iterations: 'counter',
  iteration_duration: 'time',
  dropped_iterations: 'counter',
  data_sent: 'bytes',
  data_received: 'bytes',
  checks: 'rate check',
  group_duration: 'time',
  http_reqs: 'counter name peer',
  http_req_duration: 'time name peer',
  http_req_blocked: 'time name peer',
  http_req_connecting: 'time name peer',
  http_req_tls_handshaking: 'time name peer',
  http_req_sending: 'time name peer',
  http_req_waiting: 'time name peer',
  http_req_receiving: 'time name peer',
  http_req_failed: 'rate name peer',
} as const;

/**
 * Former metric names of latencies. Thresholds may still use them for the samples of `http_req_duration` they stand for
 * (contract/selector.ts), comparisons show them, and older records contain them.
 */
export const LATENCY_ALIASES = { step_duration: 'time step', poll_duration: 'time' } as const;

/** Metric names: ours, of the resilience scenario, of the load generator, of k6. */
export type MetricName = keyof typeof METRICS;
export type FaultMetricName = keyof typeof FAULT_METRICS;
export type GeneratorMetric = keyof typeof GENERATOR_METRICS;
export type BuiltInName = keyof typeof BUILT_IN_METRICS;

type AllWords = typeof METRICS & typeof FAULT_METRICS & typeof GENERATOR_METRICS & typeof BUILT_IN_METRICS;

/** Name of any metric of the catalogue. */
export type AnyMetric = keyof AllWords;

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;
type Tail<Text extends string> = Text extends `${string} ${infer Rest}` ? Words<Rest> : never;
type Head<Text extends string> = Text extends `${infer First} ${string}` ? First : Text;

/** First word and tags of a metric's entry. */
export type KindOf<N extends AnyMetric> = Head<AllWords[N]>;
export type TagsOf<N extends AnyMetric> = Tail<AllWords[N]>;

/**
 * Tags of our metrics with closed value lists. (`scenario` comes from the host; `phase`, `level` also from
 * lib/phases/.)
 */
export type TagOf<N extends MetricName | FaultMetricName> = TagsOf<N> & keyof typeof TAG_VALUES;
