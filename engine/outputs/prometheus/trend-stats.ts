import { ConfigurationError } from '../../../contract/configuration-error.ts';
import { trendStatistic } from '../../../contract/series-counts.ts';
import type { TrendTotal } from '../../../contract/series-counts.ts';

/** A statistic of trends, exposed as a gauge or counter of its own. */
export interface PrometheusStat {
  /** As written: `p(99)`, `max`. */
  readonly text: string;
  /** Suffix of the Prometheus name: `p99`, `max`. */
  readonly suffix: string;
  /** Whether it is the number of samples, which only grows, rather than a value of the trend. */
  readonly counts: boolean;
  /** Its value, in the record's unit unless it counts. */
  readonly of: (trend: TrendTotal) => number;
}

/** Statistics other than percentiles (k6-contract.md 8.3). */
const NAMED = ['count', 'sum', 'min', 'max', 'avg', 'med'];

/** Default of K6_PROMETHEUS_RW_TREND_STATS: what the dashboards need. */
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
    // How k6 writes p(99.9) is not documented (k6-contract.md, UNKNOWN-33).
    suffix: percentile === undefined ? text : `p${percentile.replace('.', '_')}`,
    counts: text === 'count',
    of: (trend) => (text === 'sum' ? trend.histogram.sum : trendStatistic(trend, text)),
  };
}
