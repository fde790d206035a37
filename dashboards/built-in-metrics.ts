/**
 * Built-in metrics of both hosts that dashboards show (k6 documentation, "Built-in metrics"), in the words of
 * catalogue/metrics.ts: a type, then the tags that dashboards group by.
 */
export const BUILT_IN_METRICS = {
  dropped_iterations: 'counter',
  http_reqs: 'counter name peer status error_code expected_response',
  http_req_blocked: 'time peer',
  http_req_connecting: 'time peer',
  iterations: 'counter',
  vus: 'gauge',
  vus_max: 'gauge',
} as const;
