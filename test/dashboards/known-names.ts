import type { MetricType } from '../../catalogue/metrics.ts';
import { METRIC_MODELS, prometheusPrefix } from '../../catalogue/metric-models.ts';
import { JVM_METRICS, PINGFEDERATE_METRICS, SIMULATOR_METRICS } from '../../dashboards/pingfederate-metrics.ts';
import { RUN_FACTS } from '../../dashboards/run-facts.ts';

/** Names that remote write gives to a metric of each type (k6 documentation). */
const SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  rate: ['_rate'],
  trend: ['_p95', '_p99', '_max', '_count', '_sum'],
};

/** Every name of a run's series that a query may hold, and the metric behind it. */
export const runNames: ReadonlyMap<string, string> = new Map(
  [...METRIC_MODELS].flatMap(([metric, { type }]) =>
    SUFFIXES[type].map((suffix) => [`${prometheusPrefix(metric)}${metric}${suffix}`, metric] as const),
  ),
);

/** Every name that a query may hold, the servers' own included. */
export const allNames: ReadonlySet<string> = new Set([
  ...runNames.keys(),
  ...Object.keys(RUN_FACTS),
  ...Object.values({ ...PINGFEDERATE_METRICS }),
  ...Object.values({ ...JVM_METRICS }),
  ...Object.values({ ...SIMULATOR_METRICS }),
]);

/** Names of series in PromQL: words before a selector, a range, or the end of a parenthesis, that are not function. */
export function namesIn(promql: string): string[] {
  const quoted = promql.replace(/"[^"]*"/g, '""');
  return quoted.match(/\b(?:k6|pairstorm|pingfederate|jetty|jvm|process)_[a-z0-9_]+/g) ?? [];
}
