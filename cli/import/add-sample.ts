import type { CounterCounts, GaugeCounts, RateCounts, SeriesTotal, TrendTotal } from '../../contract/series-counts.ts';
import type { MetricType } from '../../catalogue/metrics.ts';

/** Adds a sample of a time (Unix milliseconds) to a total of its type; of two gauge values the newer one wins, whichever comes first. */
export function addSample(type: MetricType, total: SeriesTotal, value: number, at: number): void {
  switch (type) {
    case 'counter':
      (total as CounterCounts).samples++;
      (total as CounterCounts).sum += value;
      return;
    case 'rate':
      (total as RateCounts).samples++;
      if (value !== 0) (total as RateCounts).passes++;
      return;
    case 'trend':
      (total as TrendTotal).histogram.record(value);
      return;
    case 'gauge': {
      const gauge = total as GaugeCounts;
      gauge.samples++;
      if (at >= gauge.at) {
        gauge.value = value;
        gauge.at = at;
      }
      if (value < gauge.min) gauge.min = value;
      if (value > gauge.max) gauge.max = value;
    }
  }
}
