import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { Unit } from '../quantity.ts';

/** The one figure of a series: counter: its sum; rate: the share that was not zero; gauge: its last value; null for a trend. */
export function valueOf(total: SeriesTotal): number | null {
  if ('histogram' in total) return null;
  if ('sum' in total) return total.sum;
  return 'passes' in total ? total.passes / Math.max(1, total.samples) : total.value;
}

/** What the figures of a metric are in. */
export function unitOf(type: MetricType, contains: Contains): Unit {
  if (type === 'rate') return 'share';
  if (contains === 'time') return 'ms';
  if (contains === 'data') return 'bytes';
  return type === 'counter' ? 'count' : 'plain';
}
