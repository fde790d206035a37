import type { MetricName } from './metrics.ts';

/** What one sample of each metric means; docs/metrics.md is made from it. Apart, because virtual users do not need it. */
export const METRIC_MEANINGS: Readonly<Record<MetricName, string>> = {
  flows: 'flows started, counted before the first request',
  starts_answered: 'start requests that got an HTTP answer; flows − this = starts without an answer',
  flow_outcomes: 'flows ended, by prescribed kind and observed outcome',
  outcome_mismatch:
    'share of ended flows whose outcome was not the prescribed one, or whose path was not that of their kind',
  off_path:
    'flows that were not of their kind, by the state at which they left its path: one that came (`unexpected`), or one that never did (`missing`)',
  paths_found:
    'flows of users who expect nothing (a CSV file without a kind, a further flow without a reset), by what was asked of them',
  flow_duration: 'machine time of a flow: sum of the durations of its PingFederate requests',
  step_duration:
    'duration of one PingFederate request of a flow that was answered as expected, by step; errors are in http_req_failed',
  pairing_error_rate:
    'share of pairing_error among flows that reached pairing, whose status attribute was read and whose device driver worked',
  pairing_duration: 'sum of PingFederate request time from authenticate to the token, of flows that reached pairing',
  poll_duration: 'duration of one poll, or of one GET of a browser that waits, that was answered as expected',
  polls_per_flow: 'polls (or GETs) of one wait for a decision, however it ended',
  poll_error_rate: 'share of polls not answered with a flow resource; late polls not counted',
  late_polls: 'polls answered after the state had moved (overlapping polls; no error)',
  decision_lag:
    "from the phone API's answer to the decision to the end of the first flow answer that shows a new state",
  unexpected_state: 'states that the inventory did not lead one to expect, or that nobody drives',
  attempts: 'attempts of an action after the first one, by step; 0 where nothing is retried',
  retry_amplification: 'requests of a flow for each request that it would have made without retries: 1 is none',
  step_lateness: 'how late a timer of a virtual user fired: the harness waiting, not the target',
};
