import { carriesScenario, counterName, gaugeName, rateName, trendName } from '../catalogue/metric-models.ts';
import type { LabelOf, MetricOfType, TrendStat } from '../catalogue/metric-models.ts';
import type { AnyMetric } from '../catalogue/metrics.ts';
import { PRESCRIBABLE } from '../catalogue/prescribable.ts';
import { PUSH_INTERVAL } from './house-style.ts';
import { isOfScenario } from './run-facts.ts';
import type { RunFact } from './run-facts.ts';
import { by, labelSelector } from './selector.ts';
import type { Where } from './selector.ts';

/** PromQL over the metrics of a run, filtered by the dashboard's variables. */

/** The user's selection: run, machine, and scenario if the series have one. */
const PICKED = ['testid=~"$testid"', 'instance=~"$instance"'];
const PICKED_SCENARIO = [...PICKED, 'scenario=~"$scenario"'];

/** Selector of a metric's series in the selection. */
export function picked<N extends AnyMetric>(metric: N, where: Where<N> = {}): string {
  return labelSelector(carriesScenario(metric) ? PICKED_SCENARIO : PICKED, where);
}

/** A fact about the selected run (run-facts.ts). */
export function fact(name: RunFact): string {
  return `${name}${labelSelector(isOfScenario(name) ? PICKED_SCENARIO : PICKED)}`;
}

/** Current planned starts per second, over all scenarios and machines. */
export const planned = (): string => `sum(${fact('pairstorm_planned_arrivals_per_second')})`;

/**
 * A counter's total over the time range. Counters start at zero, and `increase()` would lose everything before the
 * first push, so this takes the last value.
 */
export function total<N extends MetricOfType<'counter'>>(
  metric: N,
  where?: Where<N>,
  split: readonly LabelOf<N>[] = [],
): string {
  return `sum${by(split)} (max_over_time(${counterName(metric)}${picked(metric, where)}[$__range]))`;
}

/** As `total`, but 0 without samples: a counter that was never incremented has no series. */
export function totalOrZero<N extends MetricOfType<'counter'>>(metric: N, where?: Where<N>): string {
  return `(${total(metric, where)} or vector(0))`;
}

/** A counter's value since the start of the run. */
export function soFar<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
): string {
  return `sum${by(split)} (${counterName(metric)}${picked(metric, where)})`;
}

/**
 * The interval that Grafana proposes, as a subquery at the push interval: remote write may resend only what changed, so
 * a rare error would have a single sample in the window, and no increase.
 */
const RECENT = `$__rate_interval:${PUSH_INTERVAL}`;

/** A counter's rate per second over a window. */
export function perSecond<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
  window = RECENT,
): string {
  return `sum${by(split)} (rate(${counterName(metric)}${picked(metric, where)}[${window}]))`;
}

/** Share of a counter's increase that matches `sort`, over the window rather than the whole run. */
export function shareOf<N extends MetricOfType<'counter'>>(
  metric: N,
  sort: Where<N>,
  among: Where<N> = {},
  split: readonly LabelOf<N>[] = [],
  window?: string,
): string {
  const all = perSecond(metric, split, among, window);
  // No such series means a share of 0, provided there is any increase at all.
  return `(${perSecond(metric, split, { ...among, ...sort }, window)} or 0 * ${all}) / ${all}`;
}

/** A trend's statistic since the start of the run; the worst of combined series, as percentiles do not merge. */
export function worst<N extends MetricOfType<'trend'>>(
  metric: N,
  stat: TrendStat,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
): string {
  return `max${by(split)} (${trendName(metric, stat)}${picked(metric, where)})`;
}

/** As `worst`, over the whole time range, as a single number. */
export function worstInRange<N extends MetricOfType<'trend'>>(metric: N, stat: TrendStat, where?: Where<N>): string {
  return `max(max_over_time(${trendName(metric, stat)}${picked(metric, where)}[$__range]))`;
}

/** A rate since the start of the run; the worst of combined series, as shares do not add up. */
export function worstShare<N extends MetricOfType<'rate'>>(
  metric: N,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
): string {
  return `max${by(split)} (${rateName(metric)}${picked(metric, where)})`;
}

/** A rate's last value in the time range, the worst of its series, as a single number. */
export function worstShareInRange(metric: MetricOfType<'rate'>): string {
  return `max(last_over_time(${rateName(metric)}${picked(metric)}[$__range]))`;
}

/** Sum of a gauge over the machines of a run, or by label. */
export function sumExpression<N extends MetricOfType<'gauge'>>(metric: N, split: readonly LabelOf<N>[] = []): string {
  return `sum${by(split)} (${gaugeName(metric)}${picked(metric)})`;
}

/** A gauge's maximum over the time range, as a single number. */
export function highestInRange(metric: MetricOfType<'gauge'>): string {
  return `max(max_over_time(${gaugeName(metric)}${picked(metric)}[$__range]))`;
}

/** A gauge's slope per second over a window (least squares). */
export function slopeOf<N extends MetricOfType<'gauge'>>(
  metric: N,
  split: readonly LabelOf<N>[],
  window: string,
): string {
  return `sum${by(split)} (deriv(${gaugeName(metric)}${picked(metric)}[${window}]))`;
}

/**
 * Mean of a trend over a window: sum over count. The only figure in k6's remote write that does not cover the whole
 * run, so the one that shows drift.
 */
export function perSample<N extends MetricOfType<'trend'>>(
  metric: N,
  split: readonly LabelOf<N>[],
  window: string,
  where?: Where<N>,
): string {
  const rate = (stat: TrendStat): string =>
    `sum${by(split)} (rate(${trendName(metric, stat)}${picked(metric, where)}[${window}]))`;
  return `${rate('sum')} / ${rate('count')}`;
}

/** As `perSample`, in the first window of the time range. */
export function perSampleAtFirst<N extends MetricOfType<'trend'>>(
  metric: N,
  split: readonly LabelOf<N>[],
  window: string,
  where?: Where<N>,
): string {
  const then = (stat: TrendStat): string =>
    `sum${by(split)} (${trendName(metric, stat)}${picked(metric, where)} @ start() offset -${window})`;
  return `${then('sum')} / ${then('count')}`;
}

/** Kinds with a pairing for which no inventory expects a pairing_error: any is caused by the target. */
export const KINDS_THAT_PAIR: readonly string[] = Object.entries(PRESCRIBABLE)
  .filter(([, outcomes]) => outcomes.some((outcome) => outcome === 'device_paired' || outcome === 'device_not_paired'))
  .filter(([, outcomes]) => !outcomes.includes('pairing_error'))
  .map(([kind]) => kind);
