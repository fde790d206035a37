import type { FaultMetricName, GeneratorMetric, MetricName } from './metrics.ts';

/** What one sample of each metric means; docs/metrics.md is made from it. Apart, because virtual users do not need it. */
export const METRIC_MEANINGS: Readonly<Record<MetricName | FaultMetricName | GeneratorMetric, string>> = {
  flows: 'flows started, counted before the first request',
  starts_answered: 'start requests that got an HTTP answer; flows − this = starts without an answer',
  flow_outcomes: 'flows ended, by prescribed kind and observed outcome',
  outcome_mismatch:
    'share of ended flows whose outcome was not the prescribed one, or whose path was not that of their kind',
  off_path:
    'flows that were not of their kind, by the state at which they left its path: one that came (`unexpected`), or one that never did (`missing`)',
  paths_found:
    'flows of users who expect nothing (a CSV file without a kind, a further flow without a reset), by what was asked of them',
  flow_duration: 'server time of a flow: sum of the durations of its PingFederate requests',
  pairing_error_rate:
    'share of pairing_error among flows that reached pairing, whose status attribute was read and whose device driver worked',
  pairing_duration: 'sum of PingFederate request time from authenticate to the token, of flows that reached pairing',
  polls_per_flow: 'polls (or GETs) of one wait for a decision, however it ended',
  poll_error_rate: 'share of polls not answered with a flow resource; late polls not counted',
  late_polls: 'polls answered after the state had moved (overlapping polls; no error)',
  decision_lag:
    "from the phone API's answer to the decision to the end of the first flow answer that shows a new state",
  unexpected_state: 'states that the inventory did not lead one to expect, or that nobody drives',
  attempts: 'attempts of an action after the first one, by step; 0 where nothing is retried',
  retry_amplification: 'requests of a flow for each request that it would have made without retries: 1 is none',
  step_lateness: 'how late a timer of a virtual user fired: the harness waiting, not the target',

  // Of the resilience scenario.
  phase_duration:
    'duration of one PingFederate request, by the fault in whose time it began (`none`: before the first one)',
  phase_failed: 'share of those requests that failed: no answer, or an error that nobody asked for',
  phase_mismatch: 'share of flows that ended in that time otherwise than prescribed',
  faults_seen: 'answers that named a fault, and requests without an answer since a fault began (`cut`)',
  faults_served: 'the same by the simulator’s own count, taken at the end of the run',
  fault_injections: 'faults begun (`start`) and ended (`end`) as planned',

  // Of the load generator.
  generator_event_loop_delay: 'how late a timer fired in a thread that plays virtual users, 50 times a second',
  generator_start_lag: 'how late an arrival-rate iteration started though a virtual user was free',
  generator_gc_pause: 'one pause for garbage collection in such a thread',
  generator_cpu_cores: 'CPU time of the whole process over the time of the interval: 1 is one core',
  generator_memory_bytes: 'resident memory of the whole process',
  generator_connections: 'open connections',
  generator_failed_requests:
    'a request that failed on this machine, never at the target (error codes 1281 to 1287); tag `error`: what was missing',
};
