import type { Contains, MetricType } from './metric-type.ts';

/**
 * What the load generator measures of itself. These series stand in the run record and in Prometheus beside the script's
 * own, never in its thresholds and summary. No tags but `error`; of several machines, trends merge, counters add up, and of a gauge the
 * newest counts.
 */
export const GENERATOR_METRICS = {
  generator_event_loop_delay: ['trend', 'time'],
  generator_start_lag: ['trend', 'time'],
  generator_gc_pause: ['trend', 'time'],
  generator_cpu_cores: ['gauge', 'default'],
  generator_memory_bytes: ['gauge', 'data'],
  generator_connections: ['gauge', 'default'],
  generator_failed_requests: ['counter', 'default'],
} as const satisfies Record<string, readonly [MetricType, Contains]>;

/** Name of such a metric. */
export type GeneratorMetric = keyof typeof GENERATOR_METRICS;

/** What one sample of each means; docs/metrics.md is made from it. */
export const GENERATOR_METRIC_MEANINGS: Readonly<Record<GeneratorMetric, string>> = {
  generator_event_loop_delay: 'how late a timer fired in a thread that plays virtual users, 50 times a second',
  generator_start_lag: 'how late an arrival-rate iteration started though a virtual user was free',
  generator_gc_pause: 'one pause for garbage collection in such a thread',
  generator_cpu_cores: 'CPU time of the whole process over the time of the interval: 1 is one core',
  generator_memory_bytes: 'resident memory of the whole process',
  generator_connections: 'open connections',
  generator_failed_requests:
    'a request that failed on this machine, never at the target (error codes 1281 to 1287); tag `error`: what was missing',
};
