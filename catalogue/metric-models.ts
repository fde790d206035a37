import { BUILT_IN_METRICS, FAULT_METRICS, GENERATOR_METRICS, LATENCY_ALIASES, METRICS } from './metrics.ts';
import type { AnyMetric, Contains, KindOf, MetricType, TagsOf } from './metrics.ts';

/** A metric of the catalogue. */
export interface MetricModel {
  readonly type: MetricType;
  readonly contains: Contains;
  readonly tags: readonly string[];
}

/** k6 type and contents by the first word of a metric's entry. */
const KINDS = {
  counter: ['counter', 'default'],
  gauge: ['gauge', 'default'],
  rate: ['rate', 'default'],
  trend: ['trend', 'default'],
  time: ['trend', 'time'],
  bytes: ['counter', 'data'],
  size: ['gauge', 'data'],
} as const satisfies Record<string, readonly [MetricType, Contains]>;

function modelOf(words: string): MetricModel {
  const [kind = '', ...tags] = words.split(' ');
  const [type, contains] = KINDS[kind as keyof typeof KINDS];
  return { type, contains, tags };
}

/** Parses a table of the catalogue. */
export function modelsOf<N extends string>(table: Readonly<Record<N, string>>): Readonly<Record<N, MetricModel>> {
  const models = Object.entries<string>(table).map(([name, words]) => [name, modelOf(words)]);
  return Object.fromEntries(models) as Readonly<Record<N, MetricModel>>;
}

/** Every metric of the catalogue by name: ours, the load generator's, k6's, and those of older records. */
export const METRIC_MODELS: ReadonlyMap<string, MetricModel> = new Map(
  Object.entries(
    modelsOf({ ...METRICS, ...FAULT_METRICS, ...GENERATOR_METRICS, ...BUILT_IN_METRICS, ...LATENCY_ALIASES }),
  ),
);

/** Prefixes of the built-in metrics of k6 and the embedded engine (k6 documentation, "Built-in metrics"). */
const OF_THE_HOST = ['http_req_', 'ws_', 'grpc_', 'browser_', 'generator_', 'detector_'] as const;

/** True for a metric of the host or the load generator; any other is the script's. */
export function isHostMetric(metric: string): boolean {
  const built = Object.hasOwn(BUILT_IN_METRICS, metric) || Object.hasOwn(GENERATOR_METRICS, metric);
  return built || OF_THE_HOST.some((beginning) => metric.startsWith(beginning));
}

/** Names of the metrics of one type. */
export type MetricOfType<T extends MetricType> = {
  [N in AnyMetric]: (typeof KINDS)[KindOf<N>][0] extends T ? N : never;
}[AnyMetric];

/** Labels of a metric's series in Prometheus: its tags, and those of every series and of requests. */
export type LabelOf<N extends AnyMetric> =
  | ('testid' | 'instance' | 'scenario' | 'phase' | 'level')
  | TagsOf<N>
  | (N extends `http_req${string}` ? 'method' | 'status' | 'error_code' | 'expected_response' : never);

/** Statistics of a trend. k6 has to be told to send them: `K6_PROMETHEUS_RW_TREND_STATS=p(95),p(99),max,count,sum`. */
export type TrendStat = 'p95' | 'p99' | 'max' | 'count' | 'sum';

/** Prefix of a metric's name in Prometheus: `pairstorm_` for what k6 does not have (docs/prometheus.md). */
export const prometheusPrefix = (metric: string): string =>
  `${Object.hasOwn(GENERATOR_METRICS, metric) ? 'pairstorm' : 'k6'}_`;

/**
 * Prometheus names as in k6's remote-write output (k6 documentation, "Prometheus remote write"): counters end in
 * `_total`, rates are gauges that end in `_rate`, a trend is one gauge per statistic.
 */
export const counterName = (metric: MetricOfType<'counter'>): string => `${prometheusPrefix(metric)}${metric}_total`;
export const gaugeName = (metric: MetricOfType<'gauge'>): string => prometheusPrefix(metric) + metric;
export const rateName = (metric: MetricOfType<'rate'>): string => `${prometheusPrefix(metric)}${metric}_rate`;
export const trendName = (metric: MetricOfType<'trend'>, stat: TrendStat): string =>
  `${prometheusPrefix(metric)}${metric}_${stat}`;

/** Whether a metric's series have the label `scenario`; those of the whole process do not. */
export const carriesScenario = (metric: AnyMetric): boolean =>
  !Object.hasOwn(GENERATOR_METRICS, metric) && metric !== 'vus' && metric !== 'vus_max';
