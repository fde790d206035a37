import type { MetricType } from '../contract/metric-models.ts';
import { METRICS } from '../contract/metrics.ts';
import type { MetricName, TagOf } from '../contract/metrics.ts';

/** A built-in metric of k6: its type, and whether its samples carry the `scenario` tag. */
interface BuiltInMetric {
  readonly type: 'counter' | 'gauge';
  readonly scenario: boolean;
}

/** Built-in metrics of both hosts that dashboards show. k6 documentation, "Built-in metrics". */
export const BUILT_IN_METRICS = {
  dropped_iterations: { type: 'counter', scenario: true },
  http_reqs: { type: 'counter', scenario: true },
  vus: { type: 'gauge', scenario: false },
  vus_max: { type: 'gauge', scenario: false },
} as const satisfies Record<string, BuiltInMetric>;

type BuiltInName = keyof typeof BUILT_IN_METRICS;
type TypeOf<N extends DashboardMetric> = N extends MetricName
  ? MetricType<N>
  : N extends BuiltInName
    ? (typeof BUILT_IN_METRICS)[N]['type']
    : never;

/** A metric that a dashboard can show: one of our catalogue, or a built-in one. */
export type DashboardMetric = MetricName | BuiltInName;

/** Names of the metrics of one type. */
export type MetricOfType<T extends 'counter' | 'gauge' | 'rate' | 'trend'> = {
  [N in DashboardMetric]: TypeOf<N> extends T ? N : never;
}[DashboardMetric];

/** Tags of HTTP samples that dashboards group by, beside those of our own metrics. */
type BuiltInTag = 'name' | 'error_code';

/** Labels by which the series of a metric differ, beside `scenario`, `phase` and `testid`. */
export type LabelOf<N extends DashboardMetric> = 'scenario' | 'phase' | (N extends MetricName ? TagOf<N> : BuiltInTag);

/** Statistics of a Trend that have to be switched on: `K6_PROMETHEUS_RW_TREND_STATS=p(95),p(99),max`. */
export type TrendStat = 'p95' | 'p99' | 'max';

/**
 * Prometheus names, as k6's remote-write output gives them (k6 documentation, "Prometheus remote write"): counters end in
 * `_total`, rates are gauges that end in `_rate`, a Trend is one gauge for each statistic.
 */
export const counterName = (metric: MetricOfType<'counter'>): string => `k6_${metric}_total`;
export const gaugeName = (metric: MetricOfType<'gauge'>): string => `k6_${metric}`;
export const rateName = (metric: MetricOfType<'rate'>): string => `k6_${metric}_rate`;
export const trendName = (metric: MetricOfType<'trend'>, stat: TrendStat): string => `k6_${metric}_${stat}`;

/** Whether the series of a metric carry the label `scenario`. */
export function carriesScenario(metric: DashboardMetric): boolean {
  return metric in METRICS || BUILT_IN_METRICS[metric as BuiltInName].scenario;
}
