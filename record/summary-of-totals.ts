import { valuesOf } from '../contract/series-counts.ts';
import type { SeriesTotal } from '../contract/series-counts.ts';
import type { SummaryData, SummaryMetric } from '../contract/summary-data.ts';
import type { ThresholdResult } from '../contract/threshold-expression.ts';
import { selector } from '../contract/threshold-selector.ts';
import type { RecordTotals } from './record-totals.ts';

/** k6's default (k6-contract.md 2.3). */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'] as const;

/**
 * summary.json of a record that no script summed up: each metric, what thresholds name, and flows by kind and outcome, in the
 * shape of k6's `handleSummary` data; groups and checks are not told apart.
 */
export function summaryOfTotals(
  totals: RecordTotals,
  thresholds: readonly ThresholdResult[],
  durationMs: number,
): SummaryData {
  const metrics: Record<string, SummaryMetric> = {};
  const kinds = new Map(totals.metrics().map((metric) => [metric.metric, metric]));
  const show = (name: string, metric: string, total: SeriesTotal | undefined): void => {
    const known = kinds.get(metric);
    if (known === undefined || total === undefined) return;
    const own = thresholds.filter((threshold) => threshold.metric === name);
    metrics[name] = {
      type: known.type,
      contains: known.contains,
      values: valuesOf(total, TREND_STATS, durationMs / 1_000),
      ...(own.length === 0
        ? {}
        : { thresholds: Object.fromEntries(own.map(({ expression, ok }) => [expression, { ok }])) }),
    };
  };
  for (const metric of kinds.keys()) show(metric, metric, totals.select(metric));
  for (const { metric: name } of thresholds) show(name, name.replace(/\s*\{.*$/s, ''), totals.select(name));
  for (const { tags, total } of totals.breakdown('flow_outcomes', ['kind', 'outcome']))
    show(selector('flow_outcomes', tags), 'flow_outcomes', total);
  return {
    root_group: { name: '', path: '', groups: [], checks: [] },
    options: { summaryTrendStats: TREND_STATS, summaryTimeUnit: '' },
    state: { testRunDurationMs: durationMs, isStdOutTTY: false, isStdErrTTY: false },
    metrics,
  };
}
