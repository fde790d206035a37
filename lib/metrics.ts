import { Counter, Rate, Trend } from 'k6/metrics';
import { METRICS } from '../catalogue/metrics.ts';
import type { MetricName, TagOf } from '../catalogue/metrics.ts';

type Metric = Counter | Rate | Trend;

/** Creates a metric from its description (catalogue/metrics.ts). Init code only. */
export const makeMetric = (name: string, words: string): Metric => {
  const type = words.split(' ')[0];
  if (type === 'counter') return new Counter(name);
  return type === 'rate' ? new Rate(name) : new Trend(name, type === 'time');
};

const METRIC: Record<string, Metric> = {};
for (const name of Object.keys(METRICS)) METRIC[name] = makeMetric(name, METRICS[name as MetricName]);

/**
 * Adds a sample to a metric of the catalogue, with the tags that the catalogue lists, each from its closed list of
 * values (catalogue/tag-values.ts). Times in milliseconds.
 */
export const sample = <N extends MetricName>(
  name: N,
  value: number | boolean,
  tags: Readonly<Record<TagOf<N>, string>>,
): void => {
  METRIC[name]!.add(value, tags);
};
