import { FAULT_METRICS } from '../catalogue/fault-metrics.ts';
import { GENERATOR_METRICS } from '../catalogue/generator-metrics.ts';
import { METRICS } from '../catalogue/metrics.ts';
import { BUILT_IN_METRICS } from './built-in-metrics.ts';

type GeneratorWords = { readonly [N in keyof typeof GENERATOR_METRICS]: (typeof GENERATOR_METRICS)[N][0] };

/** What the load generator measures of itself, in the words of the other tables; it has no tags. */
const GENERATOR_WORDS = Object.fromEntries(
  Object.entries(GENERATOR_METRICS).map(([name, [type]]) => [name, type]),
) as GeneratorWords;

/** Every metric of a run that a dashboard or a rule may ask for: its type, then its tags. */
export const RUN_METRICS = { ...METRICS, ...FAULT_METRICS, ...BUILT_IN_METRICS, ...GENERATOR_WORDS } as const;

/** Name of such a metric, as the script knows it. */
export type RunMetric = keyof typeof RUN_METRICS;

type Head<Text extends string> = Text extends `${infer First} ${string}` ? First : Text;
type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;
type Tail<Text extends string> = Text extends `${string} ${infer Rest}` ? Words<Rest> : never;
type TypeOf<N extends RunMetric> =
  Head<(typeof RUN_METRICS)[N]> extends 'time' ? 'trend' : Head<(typeof RUN_METRICS)[N]>;

/** Names of the metrics of one type. */
export type MetricOfType<T extends 'counter' | 'gauge' | 'rate' | 'trend'> = {
  [N in RunMetric]: TypeOf<N> extends T ? N : never;
}[RunMetric];

/** Labels by which the series of a metric differ; those of its tags, and what every series has. */
export type LabelOf<N extends RunMetric> = 'testid' | 'instance' | 'scenario' | 'phase' | Tail<(typeof RUN_METRICS)[N]>;

/**
 * Statistics of a Trend. Under k6 they have to be switched on: `K6_PROMETHEUS_RW_TREND_STATS=p(95),p(99),max,count,sum`.
 */
export type TrendStat = 'p95' | 'p99' | 'max' | 'count' | 'sum';

/** What k6 does not have begins with the product's name (docs/prometheus.md). */
const prefixed = (metric: RunMetric): string => `${metric in GENERATOR_METRICS ? 'pairstorm' : 'k6'}_${metric}`;

/**
 * Prometheus names, as k6's remote-write output gives them (k6 documentation, "Prometheus remote write"): counters end in
 * `_total`, rates are gauges that end in `_rate`, a Trend is one gauge for each statistic.
 */
export const counterName = (metric: MetricOfType<'counter'>): string => `${prefixed(metric)}_total`;
export const gaugeName = (metric: MetricOfType<'gauge'>): string => prefixed(metric);
export const rateName = (metric: MetricOfType<'rate'>): string => `${prefixed(metric)}_rate`;
export const trendName = (metric: MetricOfType<'trend'>, stat: TrendStat): string => `${prefixed(metric)}_${stat}`;

/** Metrics of the whole process: no scenario's. */
const OF_THE_PROCESS: ReadonlySet<string> = new Set([...Object.keys(GENERATOR_METRICS), 'vus', 'vus_max']);

/** Whether the series of a metric carry the label `scenario`. */
export const carriesScenario = (metric: RunMetric): boolean => !OF_THE_PROCESS.has(metric);

/** Values that a label may have; each is a regular expression of Prometheus. */
export type Where<N extends RunMetric> = Partial<Record<LabelOf<N>, readonly string[]>>;

/** A label selector: matchers as they are, and one for each label of `where`. */
export function selector(matchers: readonly string[], where: Partial<Record<string, readonly string[]>> = {}): string {
  const chosen = Object.entries(where).flatMap(([label, values]) =>
    values === undefined ? [] : [`${label}=~"${values.join('|')}"`],
  );
  return `{${[...matchers, ...chosen].join(',')}}`;
}

/** ` by (…)` of an aggregation; nothing where all is to be one. */
export const by = (labels: readonly string[]): string => (labels.length === 0 ? '' : ` by (${labels.join(', ')})`);
