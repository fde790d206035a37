import { Histogram } from '../../contract/histogram.ts';

/** Tag names and values of a series. All values are strings (k6-contract.md 4.3). */
export type Tags = Readonly<Record<string, string>>;

/** k6's metric types (k6-contract.md 4.1). */
export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';

/** What a metric's numbers are: plain, milliseconds, or bytes. */
export type Contains = 'default' | 'time' | 'data';

/**
 * Everything recorded for one metric and one tag set, in constant memory. `merge` adds what another part counted, so
 * that a metric and its sub-metrics are computed when somebody asks, not on each sample.
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

  merge(other: CounterSeries): void {
    this.samples += other.samples;
    this.sum += other.sum;
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

  merge(other: RateSeries): void {
    this.samples += other.samples;
    this.passes += other.passes;
  }
}

let gaugeOrder = 0;

/** Latest value, smallest and largest. */
export class GaugeSeries implements Series {
  samples = 0;
  value = 0;
  min = Infinity;
  max = -Infinity;
  /** Place of the latest value among all gauge values of the process: tells which of two series is newer. */
  order = 0;
  readonly tags: Tags;
  constructor(tags: Tags) {
    this.tags = tags;
  }

  add(value: number): void {
    this.samples++;
    this.value = value;
    this.order = ++gaugeOrder;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  merge(other: GaugeSeries): void {
    this.samples += other.samples;
    if (other.order > this.order) {
      this.value = other.value;
      this.order = other.order;
    }
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
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

  merge(other: TrendSeries): void {
    this.histogram.merge(other.histogram);
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
  for (const part of parts) (whole.merge as (other: AnySeries) => void).call(whole, part);
  return whole;
}
