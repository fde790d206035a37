import type { SeriesTotal, TrendTotal } from './series-counts.ts';

/** Reads one statistic off a trend: `avg`, `min`, `med`, `max`, `count`, `p(N)`. */
export function trendStatistic({ histogram }: TrendTotal, stat: string): number {
  if (histogram.count === 0) return 0;
  if (stat === 'avg') return histogram.mean;
  if (stat === 'min') return histogram.min;
  if (stat === 'max') return histogram.max;
  if (stat === 'med') return histogram.percentile(50);
  if (stat === 'count') return histogram.count;
  return histogram.percentile(Number(stat.slice(2, -1)));
}

/** The `values` of a metric as a summary shows them (k6-contract.md 4.1); `seconds` is the length of the test so far. */
export function valuesOf(series: SeriesTotal, stats: readonly string[], seconds: number): Record<string, number> {
  if ('histogram' in series) return Object.fromEntries(stats.map((stat) => [stat, trendStatistic(series, stat)]));
  if ('sum' in series) return { count: series.sum, rate: seconds > 0 ? series.sum / seconds : 0 };
  if ('passes' in series) {
    const { samples, passes } = series;
    return { rate: samples === 0 ? 0 : passes / samples, passes, fails: samples - passes };
  }
  return series.samples === 0
    ? { value: 0, min: 0, max: 0 }
    : { value: series.value, min: series.min, max: series.max };
}
