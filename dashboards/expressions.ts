import type { DashboardMetric, LabelOf, MetricOfType, TrendStat } from './prometheus-names.ts';
import { carriesScenario, counterName, gaugeName, rateName, trendName } from './prometheus-names.ts';

/** PromQL over the metrics of a run, limited to what the dashboard's variables `testid` and `scenario` select. */

/** Values that a label may have. */
type Where<N extends DashboardMetric> = Partial<Record<LabelOf<N>, readonly string[]>>;

function labels<N extends DashboardMetric>(metric: N, where: Where<N> = {}): string {
  const chosen = ['testid=~"$testid"'];
  if (carriesScenario(metric)) chosen.push('scenario=~"$scenario"');
  for (const [label, values] of Object.entries<readonly string[] | undefined>(where)) {
    if (values) chosen.push(`${label}=~"${values.join('|')}"`);
  }
  return `{${chosen.join(',')}}`;
}

const by = (list: readonly string[]): string => (list.length === 0 ? '' : ` by (${list.join(', ')})`);

/**
 * A counter's total over the time range. A run's counters begin at zero, and what comes before their first push is lost to
 * `increase()`: so the last value is taken, not the growth.
 */
export function total<N extends MetricOfType<'counter'>>(metric: N, where?: Where<N>): string {
  return `sum(max_over_time(${counterName(metric)}${labels(metric, where)}[$__range]))`;
}

/** The same, 0 where no sample came: a counter that nothing was added to has no series. */
export function totalOrZero<N extends MetricOfType<'counter'>>(metric: N, where?: Where<N>): string {
  return `(${total(metric, where)} or vector(0))`;
}

/** A counter's growth in a second. */
export function perSecond<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
): string {
  return `sum${by(split)} (rate(${counterName(metric)}${labels(metric, where)}[$__rate_interval]))`;
}

/** A statistic of a Trend since the start of the run; of series that are shown as one, the worst: percentiles do not merge. */
export function worst<N extends MetricOfType<'trend'>>(
  metric: N,
  stat: TrendStat,
  split: readonly LabelOf<N>[] = [],
): string {
  return `max${by(split)} (${trendName(metric, stat)}${labels(metric)})`;
}

/** The same over the whole time range, for a single number. */
export function worstInRange(metric: MetricOfType<'trend'>, stat: TrendStat): string {
  return `max(max_over_time(${trendName(metric, stat)}${labels(metric)}[$__range]))`;
}

/** A Rate since the start of the run; of series that are shown as one, the worst: shares do not add up. */
export function worstShare<N extends MetricOfType<'rate'>>(metric: N, split: readonly LabelOf<N>[] = []): string {
  return `max${by(split)} (${rateName(metric)}${labels(metric)})`;
}

/** The last value of a Rate in the time range, the worst of its series, for a single number. */
export function worstShareInRange(metric: MetricOfType<'rate'>): string {
  return `max(last_over_time(${rateName(metric)}${labels(metric)}[$__range]))`;
}

/** The sum of a gauge over the machines of a run. */
export function sumOf(metric: MetricOfType<'gauge'>): string {
  return `sum(${gaugeName(metric)}${labels(metric)})`;
}
