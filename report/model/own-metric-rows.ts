import { METRIC_MODELS, isHostMetric } from '../../catalogue/metric-models.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import { rateOf } from '../../record/record-totals.ts';
import type { CheckRow, OwnMetricRow } from './report-model.ts';
import { unitOf, valueOf } from './series-figure.ts';
import { trendSummary } from './trend-summary.ts';

const MOST_ROWS = 200;

/** Checks of the script by name. */
export function checkRows(totals: SeriesTotals): CheckRow[] {
  return totals
    .breakdown('checks', ['check'])
    .map(({ tags, total }) => {
      const { samples, passes } = rateOf(total);
      return { name: tags['check'] ?? '', passes, fails: samples - passes };
    })
    .sort((a, b) => b.fails - a.fails)
    .slice(0, MOST_ROWS);
}

/** Metrics of the script: neither k6's nor in the catalogue. */
export function ownMetricRows(totals: SeriesTotals): OwnMetricRow[] {
  return totals
    .metrics()
    .filter(({ metric }) => !METRIC_MODELS.has(metric) && !isHostMetric(metric))
    .slice(0, MOST_ROWS)
    .flatMap(({ metric, type, contains }) => {
      const sum = sumOfAll(totals, metric);
      if (sum === undefined) return [];
      const trend = type === 'trend' ? trendSummary(sum) : null;
      return [{ metric, type, unit: unitOf(type, contains), samples: sum.samples, trend, value: valueOf(sum) }];
    });
}

/** Total of a metric. Not by selector, because its name may contain anything. */
function sumOfAll(totals: SeriesTotals, metric: string): SeriesTotal | undefined {
  return totals.breakdown(metric, [])[0]?.total;
}
