/**
 * Names of metrics that k6 and the embedded engine have by themselves, and how such names begin (k6 documentation, "Built-in
 * metrics"; catalogue/generator-metrics.ts).
 */
const NAMES: ReadonlySet<string> = new Set([
  ...['iterations', 'iteration_duration', 'dropped_iterations', 'group_duration', 'checks'],
  ...['vus', 'vus_max', 'data_sent', 'data_received', 'http_reqs'],
]);
const BEGINNINGS = ['http_req_', 'ws_', 'grpc_', 'browser_', 'generator_'] as const;

/** Whether a metric is of the host or of the load generator; any other is the script's. */
export function isHostMetric(metric: string): boolean {
  return NAMES.has(metric) || BEGINNINGS.some((beginning) => metric.startsWith(beginning));
}
