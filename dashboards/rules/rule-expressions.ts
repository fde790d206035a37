import { by, counterName, selector, trendName } from '../prometheus-names.ts';
import type { LabelOf, MetricOfType, TrendStat, Where } from '../prometheus-names.ts';

/** PromQL over all runs at once, each by itself: every result has a `testid`. */

/** A counter's growth in a second over a window. */
export function rateOf<N extends MetricOfType<'counter'>>(
  metric: N,
  window: string,
  split: readonly LabelOf<N>[] = [],
  where: Where<N> = {},
): string {
  const chosen = Object.keys(where).length === 0 ? '' : selector([], where);
  return `sum${by(['testid', ...split])} (rate(${counterName(metric)}${chosen}[${window}]))`;
}

/** Which part of a counter's growth over a window is of one sort; 0 where nothing is of it. */
export function ratioOf<N extends MetricOfType<'counter'>>(
  metric: N,
  window: string,
  sort: Where<N>,
  among: Where<N> = {},
  split: readonly LabelOf<N>[] = [],
): string {
  const all = rateOf(metric, window, split, among);
  return `(${rateOf(metric, window, split, { ...among, ...sort })} or 0 * ${all}) / ${all}`;
}

const summed = (split: readonly string[], series: string): string => `sum${by(['testid', ...split])} (${series})`;

/** Time per sample of a Trend in a window: all time over all samples, in seconds. */
export function perSampleOf<N extends MetricOfType<'trend'>>(
  metric: N,
  window: string,
  split: readonly LabelOf<N>[] = [],
): string {
  const rate = (stat: TrendStat): string => summed(split, `rate(${trendName(metric, stat)}[${window}])`);
  return `${rate('sum')} / ${rate('count')}`;
}

/** The same from the start of the run to the beginning of that window. */
export function perSampleBefore<N extends MetricOfType<'trend'>>(
  metric: N,
  window: string,
  split: readonly LabelOf<N>[] = [],
): string {
  const then = (stat: TrendStat): string => summed(split, `${trendName(metric, stat)} offset ${window}`);
  return `${then('sum')} / ${then('count')}`;
}

/** The highest value of a statistic in a window; of several series the worst. */
export function highestOf<N extends MetricOfType<'trend'>>(
  metric: N,
  stat: TrendStat,
  window: string,
  split: readonly LabelOf<N>[] = [],
): string {
  return `max${by(['testid', ...split])} (max_over_time(${trendName(metric, stat)}[${window}]))`;
}
