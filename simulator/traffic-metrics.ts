import { Counter, Gauge, Registry } from 'prom-client';
import type { SimulatorStep } from './call.ts';
import type { Deployment } from './deployment.ts';
import { SIMULATED_STATES } from './first-factor.ts';
import type { SimulatedStatus } from './model.ts';
import type { FaultKind, FaultStep } from './wire/faults.ts';
import type { WorkerPool } from './worker-pool.ts';

/** The simulator's Prometheus metrics, in their own registry. All labels come from closed tables. */
export class TrafficMetrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'action' | 'http_status' | 'code'>;

  readonly #faulty: Counter<'kind' | 'action'>;

  readonly #refused: Counter;

  constructor(
    { flows, now, ageing, pingOne }: Pick<Deployment, 'flows' | 'now' | 'ageing' | 'pingOne'>,
    pool: WorkerPool,
  ) {
    const registers = [this.registry];
    this.#requests = new Counter({
      name: 'pairstorm_simulator_requests_total',
      help: 'Requests answered, by action, HTTP status and result code',
      labelNames: ['action', 'http_status', 'code'],
      registers,
    });
    this.#faulty = new Counter({
      name: 'pairstorm_simulator_faulty_answers_total',
      help: 'Responses affected by an injected fault, by its kind and by action',
      labelNames: ['kind', 'action'],
      registers,
    });
    this.#refused = new Counter({
      name: 'pairstorm_simulator_connections_refused_total',
      help: 'Connections closed at once, as by a full accept queue',
      registers,
    });
    new Gauge({
      name: 'pairstorm_simulator_pingone_calls',
      help: 'Requests of the adapter to PingOne since the start, by result',
      labelNames: ['result'],
      registers,
      collect() {
        for (const [result, calls] of Object.entries(pingOne?.calls ?? {})) this.set({ result }, calls);
      },
    });
    new Gauge({
      name: 'pairstorm_simulator_open_flows',
      help: 'Open flows, by status',
      labelNames: ['status'],
      registers,
      collect() {
        flows.sweep(now());
        const open = flows.byStatus();
        for (const [status, { ended }] of Object.entries(SIMULATED_STATES)) {
          if (!ended) this.set({ status }, open[status as SimulatedStatus] ?? 0);
        }
      },
    });
    new Gauge({
      name: 'pairstorm_simulator_queue_length',
      help: 'Requests waiting for a worker',
      registers,
      collect() {
        this.set(pool.queued);
      },
    });
    new Gauge({
      name: 'pairstorm_simulator_workers_busy',
      help: 'Workers serving a request',
      registers,
      collect() {
        this.set(pool.busy);
      },
    });
    new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the simulated PingFederate, not of the simulator',
      registers,
      collect() {
        this.set(ageing.memoryBytes());
      },
    });
  }

  /** Counts a connection that was closed at accept. */
  refused(): void {
    this.#refused.inc();
  }

  /** Counts a response spoiled by a fault. */
  readonly faulty = (kind: FaultKind, action: FaultStep): void => {
    this.#faulty.inc({ kind, action });
  };

  /** Counts a response; HTTP status 0: the connection was cut before it. */
  answered(action: SimulatorStep, httpStatus: number, code: string): void {
    this.#requests.inc({ action, http_status: httpStatus, code });
  }
}
