/**
 * What the load generator measures of itself, in the words of contract/metrics.ts. `pairstorm run` has them, k6 does
 * not; their series carry no scenario (docs/prometheus.md).
 */
export const GENERATOR_METRICS = {
  generator_event_loop_delay: 'time',
  generator_start_lag: 'time',
  generator_cpu_cores: 'gauge',
  generator_memory_bytes: 'gauge',
  generator_gc_pause: 'time',
  generator_connections: 'gauge',
} as const;
