import type { MetricConfiguration, Registry } from 'prom-client';
import type { SimulatorStep } from './call.ts';
import type { Deployment } from './deployment.ts';
import { SIMULATED_STATES } from './first-factor.ts';
import type { SimulatedStatus } from './model.ts';
import type { FaultKind, FaultStep } from './wire/faults.ts';
import type { WorkerPool } from './worker-pool.ts';

type Observed = Pick<Deployment, 'flows' | 'now' | 'ageing' | 'pingOne'>;

/** A figure and its labels; all labels come from closed tables. */
interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  value: number;
}

interface Metric {
  readonly kind: 'Counter' | 'Gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: () => Iterable<Sample>;
}

/** Counts by labels. */
class Tally {
  readonly #samples = new Map<string, Sample>();

  add(labels: Sample['labels']): void {
    const key = Object.values(labels).join(' ');
    const known = this.#samples.get(key);
    if (known === undefined) this.#samples.set(key, { labels, value: 1 });
    else known.value++;
  }

  readonly samples = (): Iterable<Sample> => this.#samples.values();
}

/** The simulator's Prometheus metrics, in their own registry. */
export class TrafficMetrics {
  readonly #requests = new Tally();
  readonly #faulty = new Tally();
  readonly #refused: Sample = { labels: {}, value: 0 };
  readonly #metrics: readonly Metric[];
  #registry: Promise<Registry> | undefined;

  constructor({ flows, now, ageing, pingOne }: Observed, pool: WorkerPool) {
    const alone = (value: () => number) => () => [{ labels: {}, value: value() }];
    this.#metrics = [
      {
        kind: 'Counter',
        name: 'pairstorm_simulator_requests_total',
        help: 'Requests answered, by action, HTTP status and result code',
        labels: ['action', 'http_status', 'code'],
        samples: this.#requests.samples,
      },
      {
        kind: 'Counter',
        name: 'pairstorm_simulator_faulty_answers_total',
        help: 'Responses affected by an injected fault, by its kind and by action',
        labels: ['kind', 'action'],
        samples: this.#faulty.samples,
      },
      {
        kind: 'Counter',
        name: 'pairstorm_simulator_connections_refused_total',
        help: 'Connections closed at once, as by a full accept queue',
        labels: [],
        samples: () => [this.#refused],
      },
      {
        kind: 'Gauge',
        name: 'pairstorm_simulator_pingone_calls',
        help: 'Requests of the adapter to PingOne since the start, by result',
        labels: ['result'],
        samples: () => Object.entries(pingOne?.calls ?? {}).map(([result, value]) => ({ labels: { result }, value })),
      },
      {
        kind: 'Gauge',
        name: 'pairstorm_simulator_open_flows',
        help: 'Open flows, by status',
        labels: ['status'],
        samples: () => {
          flows.sweep(now());
          const open = flows.byStatus();
          return Object.entries(SIMULATED_STATES).flatMap(([status, { ended }]) =>
            ended ? [] : [{ labels: { status }, value: open[status as SimulatedStatus] ?? 0 }],
          );
        },
      },
      {
        kind: 'Gauge',
        name: 'pairstorm_simulator_queue_length',
        help: 'Requests waiting for a worker',
        labels: [],
        samples: alone(() => pool.queued),
      },
      {
        kind: 'Gauge',
        name: 'pairstorm_simulator_workers_busy',
        help: 'Workers serving a request',
        labels: [],
        samples: alone(() => pool.busy),
      },
      {
        kind: 'Gauge',
        name: 'process_resident_memory_bytes',
        help: 'Resident memory of the simulated PingFederate, not of the simulator',
        labels: [],
        samples: alone(() => ageing.memoryBytes()),
      },
    ];
  }

  /** Counts a connection that was closed at accept. */
  refused(): void {
    this.#refused.value++;
  }

  /** Counts a response spoiled by a fault. */
  readonly faulty = (kind: FaultKind, action: FaultStep): void => {
    this.#faulty.add({ kind, action });
  };

  /** Counts a response; HTTP status 0: the connection was cut before it. */
  answered(action: SimulatorStep, httpStatus: number, code: string): void {
    this.#requests.add({ action, http_status: httpStatus, code });
  }

  /** What Prometheus scrapes. */
  async exposition(): Promise<{ readonly contentType: string; readonly text: string }> {
    const registry = await (this.#registry ??= registryOf(this.#metrics));
    return { contentType: registry.contentType, text: await registry.metrics() };
  }
}

/** Imported lazily: loading prom-client takes a fifth of a simulator's start, and few are scraped. */
async function registryOf(metrics: readonly Metric[]): Promise<Registry> {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  for (const { kind, name, help, labels, samples } of metrics) {
    const common: MetricConfiguration<string> = { name, help, labelNames: [...labels], registers: [registry] };
    if (kind === 'Gauge') {
      new Gauge({
        ...common,
        collect() {
          for (const sample of samples()) this.set(sample.labels, sample.value);
        },
      });
      continue;
    }
    new Counter({
      ...common,
      collect() {
        this.reset();
        for (const sample of samples()) this.inc(sample.labels, sample.value);
      },
    });
  }
  return registry;
}
