import { carriesScenario, counterName, gaugeName, rateName, trendName } from '../catalogue/metric-models.ts';
import type { LabelOf, MetricOfType, TrendStat } from '../catalogue/metric-models.ts';
import type { AnyMetric } from '../catalogue/metrics.ts';
import { PRESCRIBABLE } from '../catalogue/prescribable.ts';
import { PUSH_INTERVAL } from './house-style.ts';
import { isOfScenario } from './run-facts.ts';
import type { RunFact } from './run-facts.ts';
import { by, labelSelector } from './selector.ts';
import type { Where } from './selector.ts';

/** PromQL over the metrics of a run, limited to what the dashboard's variables select. */

/** What the reader picked: run, machine, and scenario where the series have one. */
const PICKED = ['testid=~"$testid"', 'instance=~"$instance"'];
const PICKED_SCENARIO = [...PICKED, 'scenario=~"$scenario"'];

/** The selector of a metric's series, and of some of them. */
export function picked<N extends AnyMetric>(metric: N, where: Where<N> = {}): string {
  return labelSelector(carriesScenario(metric) ? PICKED_SCENARIO : PICKED, where);
}

/** What `pairstorm run` says of the run itself (run-facts.ts), of the run that was picked. */
export function fact(name: RunFact): string {
  return `${name}${labelSelector(isOfScenario(name) ? PICKED_SCENARIO : PICKED)}`;
}

/** Starts in a second that the plan has now, of all its scenarios and machines. */
export const planned = (): string => `sum(${fact('pairstorm_planned_arrivals_per_second')})`;

/**
 * A counter's total over the time range. A run's counters begin at zero, and what comes before their first push is lost to
 * `increase()`: so the last value is taken, not the growth.
 */
export function total<N extends MetricOfType<'counter'>>(
  metric: N,
  where?: Where<N>,
  split: readonly LabelOf<N>[] = [],
): string {
  return `sum${by(split)} (max_over_time(${counterName(metric)}${picked(metric, where)}[$__range]))`;
}

/** The same, 0 where no sample came: a counter that nothing was added to has no series. */
export function totalOrZero<N extends MetricOfType<'counter'>>(metric: N, where?: Where<N>): string {
  return `(${total(metric, where)} or vector(0))`;
}

/** A counter as it stands, since the start of the run. */
export function soFar<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
): string {
  return `sum${by(split)} (${counterName(metric)}${picked(metric, where)})`;
}

/**
 * What Grafana finds right for the width of the graph, looked at as often as runs send. Looked at, because remote write may send
 * again only what has changed: of a rare error there would be one sample in a window, and no growth.
 */
const RECENT = `$__rate_interval:${PUSH_INTERVAL}`;

/** A counter's growth in a second, over a window. */
export function perSecond<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
  window = RECENT,
): string {
  return `sum${by(split)} (rate(${counterName(metric)}${picked(metric, where)}[${window}]))`;
}

/** Which part of a counter's growth is of one sort: a share that is of the window, not of the whole run. */
export function shareOf<N extends MetricOfType<'counter'>>(
  metric: N,
  sort: Where<N>,
  among: Where<N> = {},
  split: readonly LabelOf<N>[] = [],
  window?: string,
): string {
  const all = perSecond(metric, split, among, window);
  // Nothing of that sort is a share of 0, as long as there is something at all.
  return `(${perSecond(metric, split, { ...among, ...sort }, window)} or 0 * ${all}) / ${all}`;
}

/** A statistic of a Trend since the start of the run; of series that are shown as one, the worst: percentiles do not merge. */
export function worst<N extends MetricOfType<'trend'>>(
  metric: N,
  stat: TrendStat,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
): string {
  return `max${by(split)} (${trendName(metric, stat)}${picked(metric, where)})`;
}

/** The same over the whole time range, for a single number. */
export function worstInRange<N extends MetricOfType<'trend'>>(metric: N, stat: TrendStat, where?: Where<N>): string {
  return `max(max_over_time(${trendName(metric, stat)}${picked(metric, where)}[$__range]))`;
}

/** A Rate since the start of the run; of series that are shown as one, the worst: shares do not add up. */
export function worstShare<N extends MetricOfType<'rate'>>(
  metric: N,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
): string {
  return `max${by(split)} (${rateName(metric)}${picked(metric, where)})`;
}

/** The last value of a Rate in the time range, the worst of its series, for a single number. */
export function worstShareInRange(metric: MetricOfType<'rate'>): string {
  return `max(last_over_time(${rateName(metric)}${picked(metric)}[$__range]))`;
}

/** The sum of a gauge over the machines of a run, or over those of each label's value. */
export function sumExpression<N extends MetricOfType<'gauge'>>(metric: N, split: readonly LabelOf<N>[] = []): string {
  return `sum${by(split)} (${gaugeName(metric)}${picked(metric)})`;
}

/** The highest value of a gauge in the time range, for a single number. */
export function highestInRange(metric: MetricOfType<'gauge'>): string {
  return `max(max_over_time(${gaugeName(metric)}${picked(metric)}[$__range]))`;
}

/** How much a gauge grows in a second, over a window, by least squares. */
export function slopeOf<N extends MetricOfType<'gauge'>>(
  metric: N,
  split: readonly LabelOf<N>[],
  window: string,
): string {
  return `sum${by(split)} (deriv(${gaugeName(metric)}${picked(metric)}[${window}]))`;
}

/**
 * What one sample of a Trend took in a window, all time over all samples: the only figure of k6's remote write that is not
 * of the whole run, hence the one in which drift shows.
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

/** The same in the first window of the time range that is shown. */
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

/** Kinds of flow that pair, of which no inventory wants a pairing_error: what they have of it, the target made. */
export const KINDS_THAT_PAIR: readonly string[] = Object.entries(PRESCRIBABLE)
  .filter(([, outcomes]) => outcomes.some((outcome) => outcome === 'device_paired' || outcome === 'device_not_paired'))
  .filter(([, outcomes]) => !outcomes.includes('pairing_error'))
  .map(([kind]) => kind);
