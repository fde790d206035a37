import { counterName, trendName } from '../../catalogue/metric-models.ts';
import type { LabelOf, MetricOfType, TrendStat } from '../../catalogue/metric-models.ts';
import { by, labelSelector } from '../selector.ts';
import type { Where } from '../selector.ts';

/** PromQL over all runs, each on its own: every result has a `testid`. */

/** Selector of some series of a metric. */
const chosen = (where: Partial<Record<string, readonly string[]>>): string =>
  Object.keys(where).length === 0 ? '' : labelSelector([], where);

/** A counter's rate per second over a window. */
export function rateExpression<N extends MetricOfType<'counter'>>(
  metric: N,
  window: string,
  split: readonly LabelOf<N>[] = [],
  where: Where<N> = {},
): string {
  return `sum${by(['testid', ...split])} (rate(${counterName(metric)}${chosen(where)}[${window}]))`;
}

/** Share of a counter's increase over a window that matches `sort`; 0 if none does. */
export function ratioOf<N extends MetricOfType<'counter'>>(
  metric: N,
  window: string,
  sort: Where<N>,
  among: Where<N> = {},
  split: readonly LabelOf<N>[] = [],
): string {
  const all = rateExpression(metric, window, split, among);
  return `(${rateExpression(metric, window, split, { ...among, ...sort })} or 0 * ${all}) / ${all}`;
}

const summed = (split: readonly string[], series: string): string => `sum${by(['testid', ...split])} (${series})`;

/** Mean of a trend over a window, in seconds: sum over count. */
export function perSampleOf<N extends MetricOfType<'trend'>>(
  metric: N,
  window: string,
  split: readonly LabelOf<N>[] = [],
  where: Where<N> = {},
): string {
  const rate = (stat: TrendStat): string =>
    summed(split, `rate(${trendName(metric, stat)}${chosen(where)}[${window}])`);
  return `${rate('sum')} / ${rate('count')}`;
}

/** As `perSampleOf`, from the start of the run to the start of the window. */
export function perSampleBefore<N extends MetricOfType<'trend'>>(
  metric: N,
  window: string,
  split: readonly LabelOf<N>[] = [],
  where: Where<N> = {},
): string {
  const then = (stat: TrendStat): string =>
    summed(split, `${trendName(metric, stat)}${chosen(where)} offset ${window}`);
  return `${then('sum')} / ${then('count')}`;
}

/** Maximum of a statistic over a window; the worst of several series. */
export function highestOf<N extends MetricOfType<'trend'>>(
  metric: N,
  stat: TrendStat,
  window: string,
  split: readonly LabelOf<N>[] = [],
  where: Where<N> = {},
): string {
  return `max${by(['testid', ...split])} (max_over_time(${trendName(metric, stat)}${chosen(where)}[${window}]))`;
}
