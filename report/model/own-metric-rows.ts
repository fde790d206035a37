import type { RecordTotals } from '../../analysis/record-totals.ts';
import { FAULT_METRICS } from '../../contract/fault-metrics.ts';
import { METRICS } from '../../contract/metrics.ts';
import type { Contains, MetricType, SeriesTotal } from '../../contract/series-counts.ts';
import type { CheckRow, OwnMetricRow } from './report-model.ts';
import { rateOf, trendSummary } from './trend-summary.ts';
import type { Unit } from './unit.ts';

const BUILT_IN =
  /^(http_req.*|iteration.*|dropped_iterations|vus(_max)?|data_(sent|received)|checks|generator_.*|group_duration)$/;
const MOST_ROWS = 200;

/** Checks of the script by name. */
export function checkRows(totals: RecordTotals): CheckRow[] {
  return totals
    .breakdown('checks', ['check'])
    .map(({ tags, total }) => {
      const { samples, passes } = rateOf(total);
      return { name: tags['check'] ?? '', passes, fails: samples - passes };
    })
    .sort((a, b) => b.fails - a.fails)
    .slice(0, MOST_ROWS);
}

/** Metrics that neither k6 nor the catalogue has: a script's own. */
export function ownMetricRows(totals: RecordTotals): OwnMetricRow[] {
  return totals
    .metrics()
    .filter(({ metric }) => !(metric in METRICS) && !(metric in FAULT_METRICS) && !BUILT_IN.test(metric))
    .slice(0, MOST_ROWS)
    .flatMap(({ metric, type, contains }) => {
      const sum = sumOfAll(totals, metric);
      if (sum === undefined) return [];
      const trend = type === 'trend' ? trendSummary(sum) : null;
      return [{ metric, type, unit: unitOf(type, contains), samples: sum.samples, trend, value: valueOf(sum) }];
    });
}

/** All series of a metric together; its name may be anything, so it goes in no selector. */
function sumOfAll(totals: RecordTotals, metric: string): SeriesTotal | undefined {
  return totals.breakdown(metric, [])[0]?.total;
}

function valueOf(total: SeriesTotal): number | null {
  if ('histogram' in total) return null;
  if ('sum' in total) return total.sum;
  return 'passes' in total ? total.passes / Math.max(1, total.samples) : total.value;
}

function unitOf(type: MetricType, contains: Contains): Unit {
  if (type === 'rate') return 'share';
  if (contains === 'time') return 'ms';
  if (contains === 'data') return 'bytes';
  return type === 'counter' ? 'count' : 'plain';
}
