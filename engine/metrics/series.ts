import { performance } from 'node:perf_hooks';
import { Histogram } from '../../contract/histogram.ts';
import type { EncodedHistogram } from '../../contract/histogram.ts';
import { addCounter, addGauge, addRate } from '../../contract/series-counts.ts';
import type { CounterCounts, GaugeCounts, RateCounts, SeriesCounts, Tags } from '../../contract/series-counts.ts';
import type { MetricType } from '../../catalogue/metrics.ts';

export type { SeriesCounts, Tags } from '../../contract/series-counts.ts';
export type { Contains, MetricType } from '../../catalogue/metrics.ts';

/**
 * Everything recorded for one metric and one tag set, in constant memory. `merge` adds what another part counted, so
 * that a metric and its sub-metrics are computed when somebody asks, not on each sample. `take` gives what it holds and
 * leaves it empty: the parts so taken, merged, are the whole.
 */
export interface Series {
  readonly tags: Tags;
  /** Samples recorded. */
  samples: number;
  add(value: number): void;
}

/** Sum of the values. */
export class CounterSeries implements Series {
  samples = 0;
  sum = 0;
  readonly tags: Tags;
  constructor(tags: Tags) {
    this.tags = tags;
  }

  add(value: number): void {
    this.samples++;
    this.sum += value;
  }

  merge(other: CounterCounts): void {
    addCounter(this, other);
  }

  take(): CounterCounts {
    const { samples, sum } = this;
    this.samples = this.sum = 0;
    return { samples, sum };
  }
}

/** Share of non-zero values. */
export class RateSeries implements Series {
  samples = 0;
  passes = 0;
  readonly tags: Tags;
  constructor(tags: Tags) {
    this.tags = tags;
  }

  add(value: number): void {
    this.samples++;
    if (value !== 0) this.passes++;
  }

  merge(other: RateCounts): void {
    addRate(this, other);
  }

  take(): RateCounts {
    const { samples, passes } = this;
    this.samples = this.passes = 0;
    return { samples, passes };
  }
}

let latestGaugeAt = 0;

/** The time now, later than that of any gauge value before in this thread. */
function gaugeTime(): number {
  // A quarter of a microsecond is the step of a double at this size.
  latestGaugeAt = Math.max(latestGaugeAt + 0.00025, performance.timeOrigin + performance.now());
  return latestGaugeAt;
}

/** Latest value, smallest and largest. */
export class GaugeSeries implements Series {
  samples = 0;
  value = 0;
  min = Infinity;
  max = -Infinity;
  /** When the latest value came, in Unix milliseconds: tells which of two series is newer, over threads too. */
  at = 0;
  readonly tags: Tags;
  constructor(tags: Tags) {
    this.tags = tags;
  }

  add(value: number): void {
    this.samples++;
    this.value = value;
    this.at = gaugeTime();
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  merge(other: GaugeCounts): void {
    addGauge(this, other);
  }

  take(): GaugeCounts {
    const { samples, value, min, max, at } = this;
    this.samples = 0;
    this.min = Infinity;
    this.max = -Infinity;
    return { samples, value, min, max, at };
  }
}

/** Distribution of the values. */
export class TrendSeries implements Series {
  readonly histogram = new Histogram();
  readonly tags: Tags;
  constructor(tags: Tags) {
    this.tags = tags;
  }

  get samples(): number {
    return this.histogram.count;
  }

  add(value: number): void {
    this.histogram.record(value);
  }

  merge(other: TrendSeries | EncodedHistogram): void {
    if (other instanceof TrendSeries) this.histogram.merge(other.histogram);
    else this.histogram.mergeEncoded(other);
  }

  take(): EncodedHistogram {
    const encoded = this.histogram.encode();
    this.histogram.clear();
    return encoded;
  }
}

/** Series class by metric type. */
export const SERIES_OF = {
  counter: CounterSeries,
  gauge: GaugeSeries,
  rate: RateSeries,
  trend: TrendSeries,
} as const;

/** Any series. */
export type AnySeries = CounterSeries | GaugeSeries | RateSeries | TrendSeries;

/** One series that holds what all the given ones counted. They must be of one type. */
export function mergeSeries(type: MetricType, parts: Iterable<AnySeries>): AnySeries {
  const whole = new SERIES_OF[type]({});
  for (const part of parts) mergeCounts(whole, part);
  return whole;
}

/** Adds to a series what another of its type held. */
export function mergeCounts(into: AnySeries, counts: AnySeries | SeriesCounts): void {
  (into.merge as (other: AnySeries | SeriesCounts) => void).call(into, counts);
}
