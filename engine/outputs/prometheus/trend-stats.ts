import { ConfigurationError } from '../../../contract/configuration-error.ts';
import { trendStatistic } from '../../../contract/series-counts.ts';
import type { TrendTotal } from '../../../contract/series-counts.ts';

/** One statistic of trends, as a gauge or counter of its own. */
export interface PrometheusStat {
  /** As it was written: `p(99)`, `max`. */
  readonly text: string;
  /** End of the Prometheus name: `p99`, `max`. */
  readonly suffix: string;
  /** It is a number of samples, which only grows, and no value of the trend. */
  readonly counts: boolean;
  /** Its value, in the unit of the record unless it counts. */
  readonly of: (trend: TrendTotal) => number;
}

/** Statistics without a number (k6-contract.md 8.3). */
const NAMED = ['count', 'sum', 'min', 'max', 'avg', 'med'];

/** What is shown of a trend unless K6_PROMETHEUS_RW_TREND_STATS says otherwise: what the dashboards need. */
export const DEFAULT_TREND_STATS = 'p(95),p(99),max,count,sum';

/** Reads a list of statistics, such as `p(95),p(99),max`; `place` names it in messages. Throws a ConfigurationError. */
export function readTrendStats(list: string, place: string): readonly PrometheusStat[] {
  const stats = list.split(',').map((item) => readTrendStat(item.trim(), place));
  return stats.filter(({ suffix }, at) => stats.findIndex((other) => other.suffix === suffix) === at);
}

function readTrendStat(text: string, place: string): PrometheusStat {
  const percentile = /^p\((\d+(?:\.\d+)?)\)$/.exec(text)?.[1];
  if (!NAMED.includes(text) && (percentile === undefined || Number(percentile) > 100)) {
    throw new ConfigurationError(
      `${place}: ${JSON.stringify(text)} is not a statistic; write a list of ${NAMED.join(', ')}, p(N), such as "${DEFAULT_TREND_STATS}"`,
    );
  }
  return {
    text,
    // What k6 makes of p(99.9) is not documented (k6-contract.md, UNKNOWN-33).
    suffix: percentile === undefined ? text : `p${percentile.replace('.', '_')}`,
    counts: text === 'count',
    of: (trend) => (text === 'sum' ? trend.histogram.sum : trendStatistic(trend, text)),
  };
}
