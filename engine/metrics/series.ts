import { performance } from 'node:perf_hooks';
import { Histogram } from '../../contract/histogram.ts';
import type { EncodedHistogram } from '../../contract/histogram.ts';
import type { CounterCounts, GaugeCounts, RateCounts, Tags } from '../../contract/series-counts.ts';

/**
 * What was recorded for one metric and tag set since the last drain, in constant memory. `drain` returns and clears it;
 * all drained parts merged are the whole (contract/series-totals.ts).
 */
interface Series {
  readonly tags: Tags;
  /** Samples recorded. */
  samples: number;
  add(value: number): void;
}

/** Sum of the values. */
class CounterSeries implements Series {
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

  drain(): CounterCounts {
    const { samples, sum } = this;
    this.samples = this.sum = 0;
    return { samples, sum };
  }
}

/** Share of non-zero values. */
class RateSeries implements Series {
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

  drain(): RateCounts {
    const { samples, passes } = this;
    this.samples = this.passes = 0;
    return { samples, passes };
  }
}

let latestGaugeAt = 0;

/** The current time, strictly later than that of any earlier gauge value in this thread. */
function gaugeTime(): number {
  // Resolution of a double of this magnitude: a quarter of a microsecond.
  latestGaugeAt = Math.max(latestGaugeAt + 0.00025, performance.timeOrigin + performance.now());
  return latestGaugeAt;
}

/** Latest value, smallest and largest. */
class GaugeSeries implements Series {
  samples = 0;
  value = 0;
  min = Infinity;
  max = -Infinity;
  /** Time of the latest value in Unix milliseconds: decides which of two series is newer, even across threads. */
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

  drain(): GaugeCounts {
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

  drain(): EncodedHistogram {
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

/** A series of any type. */
export type AnySeries = CounterSeries | GaugeSeries | RateSeries | TrendSeries;
