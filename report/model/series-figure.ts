import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { Unit } from '../quantity.ts';

/** Sum of a counter, share of a rate, last value of a gauge; null for a trend. */
export function valueOf(total: SeriesTotal): number | null {
  if ('histogram' in total) return null;
  if ('sum' in total) return total.sum;
  return 'passes' in total ? total.passes / Math.max(1, total.samples) : total.value;
}

/** Unit of a metric's values. */
export function unitOf(type: MetricType, contains: Contains): Unit {
  if (type === 'rate') return 'share';
  if (contains === 'time') return 'ms';
  if (contains === 'data') return 'bytes';
  return type === 'counter' ? 'count' : 'plain';
}
