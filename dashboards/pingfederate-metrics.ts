/**
 * Metrics of a PingFederate whose JVM runs the JMX exporter with `deploy/pingfederate/jmx-exporter.yml`, which defines
 * these names. PingFederate has no Prometheus endpoint of its own (Ping documentation, "Resource metrics": JMX and
 * heartbeat).
 */
export const PINGFEDERATE_METRICS = {
  /** pingfederate:type=TOTAL_TRANSACTIONS, Count: SSO, SLO and STS transactions since the server started. */
  transactions: 'pingfederate_transactions_total',
  /** pingfederate:type=TOTAL_FAILED_TRANSACTIONS, Count. */
  failedTransactions: 'pingfederate_failed_transactions_total',
  /** org.eclipse.jetty.server.handler, statisticshandler: requests. */
  requests: 'jetty_requests_total',
  /** The same: requestsActive. */
  activeRequests: 'jetty_requests_active',
  /** The same: requestTimeTotal, in seconds. */
  requestTime: 'jetty_request_time_seconds_total',
  /** The same: responses1xx to responses5xx, as label `code`. */
  responses: 'jetty_responses_total',
  /** org.eclipse.jetty.server, connectorstatistics: connectionsOpen. */
  openConnections: 'jetty_connections_open',
  /** org.eclipse.jetty.util.thread, queuedthreadpool: threads, idleThreads, queueSize. */
  threads: 'jetty_threads',
  idleThreads: 'jetty_threads_idle',
  queuedJobs: 'jetty_jobs_queued',
} as const;

/** Metrics that the JMX exporter (1.0 and later) itself adds when it runs as a Java agent. */
export const JVM_METRICS = {
  memoryUsed: 'jvm_memory_used_bytes',
  memoryMax: 'jvm_memory_max_bytes',
  collections: 'jvm_gc_collection_seconds_sum',
  threads: 'jvm_threads_current',
  cpu: 'process_cpu_seconds_total',
  openFiles: 'process_open_fds',
} as const;

/** Metrics of the simulator's `/metrics` (docs/simulator.md). */
export const SIMULATOR_METRICS = {
  requests: 'pairstorm_simulator_requests_total',
  faultyAnswers: 'pairstorm_simulator_faulty_answers_total',
  openFlows: 'pairstorm_simulator_open_flows',
  queue: 'pairstorm_simulator_queue_length',
  busyWorkers: 'pairstorm_simulator_workers_busy',
} as const;
