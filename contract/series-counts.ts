import type { Contains, MetricType } from '../catalogue/metrics.ts';
import { Histogram } from './histogram.ts';
import type { EncodedHistogram } from './histogram.ts';

/** Tag names and values of a series. All values are strings (k6-contract.md 4.3). */
export type Tags = Readonly<Record<string, string>>;

/** A counter: number of samples, and their sum. */
export interface CounterCounts {
  samples: number;
  sum: number;
}

/** A rate: number of samples, and of those that are not zero. */
export interface RateCounts {
  samples: number;
  passes: number;
}

/** A gauge: latest value with its time (Unix milliseconds), minimum and maximum. */
export interface GaugeCounts {
  samples: number;
  value: number;
  min: number;
  max: number;
  at: number;
}

/** Counts of a series of any type, as plain data for another thread or a file. */
export type SeriesCounts = CounterCounts | RateCounts | GaugeCounts | EncodedHistogram;

/** A trend that can be queried and added to. */
export interface TrendTotal {
  readonly samples: number;
  readonly histogram: Histogram;
}

/** Counts of a series of any type, to be queried and added to. */
export type SeriesTotal = CounterCounts | RateCounts | GaugeCounts | TrendTotal;

function addCounter(into: CounterCounts, other: CounterCounts): void {
  into.samples += other.samples;
  into.sum += other.sum;
}

function addRate(into: RateCounts, other: RateCounts): void {
  into.samples += other.samples;
  into.passes += other.passes;
}

/** Of two gauges the newer value wins. */
function addGauge(into: GaugeCounts, other: GaugeCounts): void {
  into.samples += other.samples;
  if (other.at > into.at) {
    into.value = other.value;
    into.at = other.at;
  }
  into.min = Math.min(into.min, other.min);
  into.max = Math.max(into.max, other.max);
}

/** An empty total. */
export function emptyTotal(type: MetricType): SeriesTotal {
  switch (type) {
    case 'counter':
      return { samples: 0, sum: 0 };
    case 'rate':
      return { samples: 0, passes: 0 };
    case 'gauge':
      return { samples: 0, value: 0, min: Infinity, max: -Infinity, at: -Infinity };
    case 'trend':
      return trendTotal(new Histogram());
  }
}

/** A trend's total over a histogram. */
export function trendTotal(histogram: Histogram): TrendTotal {
  return {
    histogram,
    get samples() {
      return histogram.count;
    },
  };
}

/** A total as plain data; plain data is returned as is. */
export function countsOf(total: SeriesCounts | SeriesTotal): SeriesCounts {
  return 'histogram' in total ? total.histogram.encode() : total;
}

/** Adds counts or another total to a total. Both must be of that type. */
export function addToTotal(type: MetricType, into: SeriesTotal, counts: SeriesCounts | SeriesTotal): void {
  switch (type) {
    case 'counter':
      addCounter(into as CounterCounts, counts as CounterCounts);
      return;
    case 'rate':
      addRate(into as RateCounts, counts as RateCounts);
      return;
    case 'gauge':
      addGauge(into as GaugeCounts, counts as GaugeCounts);
      return;
    case 'trend': {
      addToHistogram((into as TrendTotal).histogram, counts);
    }
  }
}

/** Adds a trend's counts or total to a histogram; counts of other types are ignored. */
export function addToHistogram(into: Histogram, counts: SeriesCounts | SeriesTotal): void {
  if ('histogram' in counts) into.merge(counts.histogram);
  else if ('positive' in counts) into.mergeEncoded(counts);
}

/** A tag set as one string, independent of order: equal only for equal sets. */
export function keyOfTags(tags: Tags): string {
  return JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** A statistic of a trend: `avg`, `min`, `med`, `max`, `count`, `p(N)`. */
export function trendStatistic({ histogram }: TrendTotal, stat: string): number {
  if (histogram.count === 0) return 0;
  if (stat === 'avg') return histogram.mean;
  if (stat === 'min') return histogram.min;
  if (stat === 'max') return histogram.max;
  if (stat === 'med') return histogram.percentile(50);
  if (stat === 'count') return histogram.count;
  return histogram.percentile(Number(stat.slice(2, -1)));
}

/** The `values` of a metric in a summary (k6-contract.md 4.1); `seconds`: length of the test so far. */
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

/** Identifies a series, by object identity too: a reader returns the same object each time. */
export interface SeriesName {
  readonly metric: string;
  readonly type: MetricType;
  readonly contains: Contains;
  readonly tags: Tags;
}

/** A series that is named for the first time; afterwards its number is used. */
export interface NamedSeries extends SeriesName {
  readonly number: number;
}

/** The content of an interval as written: series by number, each named at its first use. */
export interface NumberedInterval {
  /** Number of the interval, from 0; it begins `index` × its length after the start of the run. */
  readonly index: number;
  readonly named: readonly NamedSeries[];
  readonly recorded: readonly (readonly [number: number, counts: SeriesCounts])[];
}

/** The content of an interval as read. There may be several of one interval, to be summed up. */
export interface Interval {
  readonly index: number;
  readonly recorded: readonly (readonly [series: SeriesName, counts: SeriesTotal])[];
}

/** An interval for summing up: counts as read or as written. */
export interface AddedInterval {
  readonly index: number;
  readonly recorded: readonly (readonly [series: SeriesName, counts: SeriesTotal | SeriesCounts])[];
}
