/** A sample of the Prometheus text format. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What is kept of a deployment's own metrics, as gauges `target_…` of the record. */
interface TargetMetric {
  /** The metric that is read; of several series the sum. */
  readonly from: string;
  /** Only series with these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** A counter: kept is its growth per second. */
  readonly counter?: true;
  /** It goes up and down with garbage collection: its floor is looked at. */
  readonly saw?: true;
}

/** The closed list: `deploy/pingfederate/jmx-exporter.yml` and the JVM agent make exactly these names. */
export const TARGET_METRICS: Readonly<Record<string, TargetMetric>> = {
  target_resident_memory_bytes: { from: 'process_resident_memory_bytes', saw: true },
  target_heap_bytes: { from: 'jvm_memory_used_bytes', labels: { area: 'heap' }, saw: true },
  target_jvm_threads: { from: 'jvm_threads_current' },
  target_jetty_threads: { from: 'jetty_threads' },
  target_connections_open: { from: 'jetty_connections_open' },
  target_open_files: { from: 'process_open_fds' },
  target_database_connections: { from: 'hikaricp_connections_active' },
  target_cpu_cores: { from: 'process_cpu_seconds_total', counter: true },
};

/** Prefix of what the target tells of itself. */
export const TARGET_PREFIX = 'target_';
