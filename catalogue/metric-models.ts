import { FAULT_METRICS } from './fault-metrics.ts';
import type { FaultMetricName } from './fault-metrics.ts';
import { METRICS } from './metrics.ts';
import type { MetricName, MetricTag, TagOf } from './metrics.ts';

type FirstWord<Text extends string> = Text extends `${infer First} ${string}` ? First : Text;

/** k6 type of a metric of the catalogue. */
export type MetricType<N extends MetricName> =
  FirstWord<(typeof METRICS)[N]> extends 'time' ? 'trend' : Exclude<FirstWord<(typeof METRICS)[N]>, 'time'>;

/** A custom metric: its k6 type, what its numbers are, its tags. */
export interface MetricModel {
  readonly type: 'counter' | 'rate' | 'trend';
  /** `time`: milliseconds. */
  readonly contains: 'default' | 'time';
  readonly tags: readonly MetricTag[];
}

/** A metric's words taken apart. */
function modelOf(words: string): {
  readonly type: string;
  readonly contains: string;
  readonly tags: readonly string[];
} {
  const [type = '', ...tags] = words.split(' ');
  return { type: type === 'time' ? 'trend' : type, contains: type === 'time' ? 'time' : 'default', tags };
}

/** The metrics of the resilience scenario (fault-metrics.ts) taken apart. */
export const FAULT_METRIC_MODELS = Object.fromEntries(
  Object.entries(FAULT_METRICS).map(([name, words]) => [name, modelOf(words)]),
) as Readonly<Record<FaultMetricName, MetricModel>>;

/** The catalogue (metrics.ts) taken apart. */
export const METRIC_MODELS = Object.fromEntries(
  Object.entries(METRICS).map(([name, words]) => [name, modelOf(words)]),
) as unknown as Readonly<{
  [N in MetricName]: MetricModel & { readonly type: MetricType<N>; readonly tags: readonly TagOf<N>[] };
}>;
