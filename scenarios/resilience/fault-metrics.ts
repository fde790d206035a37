import { Gauge } from 'k6/metrics';
import { FAULT_METRICS } from '../../catalogue/metrics.ts';
import type { FaultMetricName, TagOf } from '../../catalogue/metrics.ts';
import { makeMetric } from '../../lib/metrics.ts';

const METRIC: Record<string, Gauge | ReturnType<typeof makeMetric>> = {};
for (const name of Object.keys(FAULT_METRICS)) {
  const words = FAULT_METRICS[name as FaultMetricName];
  METRIC[name] = words.startsWith('gauge') ? new Gauge(name) : makeMetric(name, words);
}

/** Adds a sample to one of FAULT_METRICS (catalogue/metrics.ts). Creates metrics, so import it in init code only. */
export const faultSample = <N extends FaultMetricName>(
  name: N,
  value: number | boolean,
  tags: Readonly<Record<TagOf<N>, string>>,
): void => {
  METRIC[name]!.add(value, tags);
};
