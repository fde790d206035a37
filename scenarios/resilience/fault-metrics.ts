import { FAULT_METRICS } from '../../catalogue/fault-metrics.ts';
import type { FaultMetricName } from '../../catalogue/fault-metrics.ts';
import { makeMetric } from '../../lib/metrics.ts';

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;

/** Names of the tags of such a metric. */
type TagOf<N extends FaultMetricName> = Exclude<Words<(typeof FAULT_METRICS)[N]>, 'counter' | 'rate' | 'time'>;

const METRIC: Record<string, ReturnType<typeof makeMetric>> = {};
for (const name of Object.keys(FAULT_METRICS)) METRIC[name] = makeMetric(name, FAULT_METRICS[name as FaultMetricName]);

/** One sample of a metric of catalogue/fault-metrics.ts. This file belongs to the init code of the scenarios that use it. */
export const faultSample = <N extends FaultMetricName>(
  name: N,
  value: number | boolean,
  tags: Readonly<Record<TagOf<N>, string>>,
): void => {
  METRIC[name]!.add(value, tags);
};
