import type { CounterCounts, GaugeCounts, RateCounts, SeriesTotal, TrendTotal } from '../../contract/series-counts.ts';
import type { MetricType } from '../../catalogue/metrics.ts';

/** `at` is in Unix milliseconds. Of two gauge values the newer one wins, whatever the order of the lines. */
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
