/**
 * Metrics that the resilience scenario has beside those of metrics.ts, in the same words: a type, then tags. `phase_…` tell
 * how the target does before, during and after each fault; `fault…` count each fault on both sides.
 */
export const FAULT_METRICS = {
  phase_duration: 'time fault slot',
  phase_failed: 'rate fault slot',
  phase_mismatch: 'rate fault slot',
  faults_seen: 'counter fault how',
  faults_served: 'counter fault how',
  fault_injections: 'counter fault edge',
} as const;

/** Name of such a metric. */
export type FaultMetricName = keyof typeof FAULT_METRICS;

/** What one sample of each means; docs/metrics.md is made from it. */
export const FAULT_METRIC_MEANINGS: Readonly<Record<FaultMetricName, string>> = {
  phase_duration:
    'duration of one PingFederate request, by the fault in whose time it began (`none`: before the first one)',
  phase_failed: 'share of those requests that failed: no answer, or an error that nobody asked for',
  phase_mismatch: 'share of flows that ended in that time otherwise than prescribed',
  faults_seen: 'answers that named a fault, and requests without an answer since a fault began (`cut`)',
  faults_served: 'the same by the simulator’s own count, taken at the end of the run',
  fault_injections: 'faults begun (`start`) and ended (`end`) as planned',
};
