import type { SummaryData, SummaryMetric } from '../contract/figures.ts';
import { valuesOf } from '../contract/series-counts.ts';
import type { SeriesName, SeriesTotal, Tags } from '../contract/series-counts.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { parseSelector } from '../contract/threshold-expression.ts';
import type { ThresholdResult } from '../contract/threshold-expression.ts';
import { selector } from '../contract/selector.ts';

/** k6's default (k6-contract.md 2.3). */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'] as const;

/**
 * summary.json of a record whose script made none: each metric, the selectors of thresholds, and flows by kind and
 * outcome, in the shape of k6's `handleSummary` data, without groups and checks.
 */
export function summaryOfTotals(
  totals: SeriesTotals,
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

type Recorded = readonly [series: SeriesName, counts: SeriesTotal];

/** A counter's sum, or a rate's samples and non-zero samples. */
interface Count {
  readonly samples: number;
  readonly hits: number;
}

/**
 * Counters and rates of a summary as exact series: the sub-metrics with the most tags, plus the remainder without tags.
 * A summary does not say enough about gauges and trends to add them up.
 */
export function countsOfSummary(metrics: Readonly<Record<string, SummaryMetric>>): readonly Recorded[] {
  const groups = new Map<string, Map<string, { readonly tags: Tags; readonly count: Count }[]>>();
  for (const [name, model] of Object.entries(metrics)) {
    const count = countOf(model);
    if (count === undefined || !name.includes('{')) continue;
    const { metric, tags } = parseSelector(name);
    const byTags = groups.get(metric) ?? new Map<string, { readonly tags: Tags; readonly count: Count }[]>();
    groups.set(metric, byTags);
    const key = Object.keys(tags).sort().join(' ');
    byTags.set(key, [...(byTags.get(key) ?? []), { tags, count }]);
  }
  return Object.entries(metrics).flatMap(([metric, model]) => {
    const whole = countOf(model);
    if (whole === undefined || metric.includes('{')) return [];
    const finest = [...(groups.get(metric)?.entries() ?? [])].sort(
      ([a], [b]) => b.split(' ').length - a.split(' ').length,
    )[0]?.[1];
    const parts = finest?.filter(({ count }) => count.samples > 0) ?? [];
    const rest = parts.reduce<Count>(
      (left, { count }) => ({ samples: left.samples - count.samples, hits: left.hits - count.hits }),
      whole,
    );
    // If the parts exceed the whole, use the whole only.
    const told =
      rest.samples < 0 || rest.hits < 0 ? [{ tags: {}, count: whole }] : [...parts, { tags: {}, count: rest }];
    return told
      .filter(({ count }) => count.samples > 0)
      .map(
        ({ tags, count }) =>
          [{ metric, type: model.type, contains: model.contains, tags }, totalOf(model, count)] as const,
      );
  });
}

function countOf({ type, values }: SummaryMetric): Count | undefined {
  if (type === 'counter') return { samples: values['count'] ?? 0, hits: values['count'] ?? 0 };
  if (type !== 'rate') return undefined;
  const passes = values['passes'] ?? 0;
  return { samples: passes + (values['fails'] ?? 0), hits: passes };
}

/** A counter gets as many samples as its sum, which is right for anything counted one by one. */
function totalOf({ type }: SummaryMetric, { samples, hits }: Count): SeriesTotal {
  return type === 'counter' ? { samples: Math.max(1, Math.round(samples)), sum: hits } : { samples, passes: hits };
}
