import type { TAG_VALUES } from './tag-values.ts';

/** A tag of our own metrics. (`scenario` comes from the host, `phase` and `level` from it or from lib/phases/.) */
export type MetricTag = keyof typeof TAG_VALUES;

/**
 * Every custom metric as its type and its tags; `time` is a trend in milliseconds. One action, one sample; definitions in
 * docs/architecture.md, "Metrics, exactly"; what one sample means in metric-meanings.ts. Each virtual user carries this table, hence
 * words: on k6 an object costs half a kilobyte. metric-models.ts takes them apart.
 */
export const METRICS = {
  flows: 'counter kind',
  starts_answered: 'counter',
  flow_outcomes: 'counter kind outcome',
  outcome_mismatch: 'rate kind',
  off_path: 'counter kind status path',
  paths_found: 'counter found',
  flow_duration: 'time kind',
  step_duration: 'time step',
  pairing_error_rate: 'rate platform',
  pairing_duration: 'time platform',
  poll_duration: 'time',
  polls_per_flow: 'trend',
  poll_error_rate: 'rate',
  late_polls: 'counter',
  decision_lag: 'time',
  unexpected_state: 'counter status',
  step_lateness: 'time',
  attempts: 'counter step',
  retry_amplification: 'trend',
} as const satisfies Record<string, `${'counter' | 'rate' | 'trend' | 'time'}${'' | ` ${string}`}`>;

/** Name of a custom metric. */
export type MetricName = keyof typeof METRICS;

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;

/** Names of the tags of a metric. */
export type TagOf<N extends MetricName> = Words<(typeof METRICS)[N]> & MetricTag;
