import { BUILT_IN_METRICS } from './built-in-metrics.ts';
import { FAULT_METRIC_MODELS, METRIC_MODELS } from './metric-models.ts';
import type { Contains, MetricType } from './metric-type.ts';

/** Type and contents of all metrics whose name says them: k6's own and ours. */
export const METRIC_TYPES: ReadonlyMap<string, readonly [MetricType, Contains]> = new Map<
  string,
  readonly [MetricType, Contains]
>([
  ...Object.entries(BUILT_IN_METRICS),
  ...Object.entries({ ...METRIC_MODELS, ...FAULT_METRIC_MODELS }).map(
    ([name, { type, contains }]) => [name, [type, contains]] as const,
  ),
]);
