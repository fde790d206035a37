import type { FaultMetricName, GeneratorMetric, MetricName } from './metrics.ts';

/** What one sample of each metric means; source of docs/metrics.md. A separate module because VUs do not need it. */
export const METRIC_MEANINGS: Readonly<Record<MetricName | FaultMetricName | GeneratorMetric, string>> = {
  flows: 'flows started, counted before the first request',
  starts_answered: 'start requests that got an HTTP response; flows − this = starts without an answer',
  flow_outcomes: 'flows ended, by kind and observed outcome',
  outcome_mismatch: 'share of ended flows with an unexpected outcome, or a path that is not that of their kind',
  off_path:
    'flows that left the path of their kind, by the state at which they left it: one that came up (`unexpected`), or one that never did (`missing`)',
  paths_found:
    'flows without an expected outcome (CSV users without a kind, a further flow without a reset), by what was asked of the user',
  flow_duration: 'server time of a flow: total duration of its PingFederate requests',
  pairing_error_rate:
    'share of pairing_error among flows that reached pairing, with the status attribute read and a working device driver',
  pairing_duration: 'PingFederate request time from authenticate to the token, in flows that reached pairing',
  polls_per_flow: 'polls (or GETs) per wait for a decision, however it ended',
  poll_error_rate: 'share of polls not answered with a flow resource; late polls not counted',
  late_polls: 'polls answered after the state had changed (overlapping polls; not an error)',
  decision_lag:
    "from the phone API's answer to the decision until the end of the first flow response that shows the new state",
  unexpected_state: 'states that the inventory does not lead to, or that Pairstorm has no handler for',
  attempts: 'attempts of an action after the first one, by step; 0 without retries',
  retry_amplification: 'requests of a flow over the requests it would have made without retries; 1 means no retries',
  storm_duration:
    'how long in all a client asked again without a pause after errors while it waited (a storm; its requests are tagged `peer:storm`), by the HTTP status that began it and the cap that held it back; one sample for each flow that did',
  step_lateness: 'how late a timer of a virtual user fired: a delay of the harness, not of the target',

  // Of the resilience scenario.
  phase_duration:
    'duration of one PingFederate request, by the fault during which it started (`none`: before the first one)',
  phase_failed: 'share of those requests that failed: no response, or an unexpected error',
  phase_mismatch: 'share of flows that ended in that time with an unexpected outcome',
  faults_seen:
    'responses that named a fault, and requests without a response since a fault started (`cut`) or sent again on a new connection (`resent`)',
  faults_served: 'the same as counted by the simulator, read at the end of the run',
  fault_injections: 'faults started (`start`) and ended (`end`) as planned',
  fault_edge_ms: 'when a fault was confirmed to have started or ended, in Unix milliseconds',
  profile_flows: 'flows started by the clients of a profile (docs/clients.md)',
  profile_requests: 'requests of those flows to PingFederate; those of a storm (`peer:storm`) are not counted',

  // Of the load generator.
  generator_event_loop_delay: 'how late a timer fired in a VU thread, sampled 50 times a second',
  generator_start_lag: 'how late an arrival-rate iteration started while a VU was free',
  generator_gc_pause: 'one garbage collection pause in such a thread',
  generator_cpu_cores: 'CPU time of the whole process over the length of the interval: 1 is one core',
  generator_memory_bytes: 'resident memory of the process',
  generator_connections: 'open connections',
  generator_failed_requests:
    'requests that failed on this machine, not at the target (error codes 1281 to 1289); tag `error`: what was missing',
  connections_opened:
    'connections made to a host name; tags `host`, and `address`: which of its addresses they went to',
  connections_replaced:
    'requests that were sent again on a new connection, because the reused one had been closed (RESEND_ON_REUSED)',
};
