import { setTimeout as delay } from 'node:timers/promises';
import type { Ageing } from './ageing.ts';
import type { Answer } from './answer.ts';
import type { SimulatorStep } from './call.ts';
import { LatencyModel } from './latency.ts';
import type { SimulatorSettings } from './settings.ts';
import { WorkerPool } from './worker-pool.ts';

/** A gateway's response if the server is overloaded: HTML, as from real ones. */
const OVERLOADED: Answer = {
  httpStatus: 503,
  body: '<html><head><title>503 Service Unavailable</title></head><body>The server is overloaded.</body></html>',
  headers: { 'content-type': 'text/html', 'retry-after': '1' },
  code: 'overloaded',
};

/** Serves requests with finite capacity: each occupies a worker for its drawn service time. */
export class Service {
  readonly pool: WorkerPool;
  readonly #latency: LatencyModel | null;
  readonly #ageing: Ageing | undefined;

  constructor(settings: SimulatorSettings, ageing?: Ageing) {
    this.#ageing = ageing;
    this.pool = new WorkerPool(settings.workers, settings.queueLimit);
    const { seed, latencyScale, latencySigma, latencyMs } = settings;
    this.#latency = settings.latency === 'on' ? new LatencyModel(seed, latencyScale, latencySigma, latencyMs) : null;
  }

  /**
   * Runs a handler on a worker. The service time passes before the handler runs, so that responses leave in the order
   * of their state changes.
   */
  async serve(step: SimulatorStep, handle: () => Answer | Promise<Answer>): Promise<Answer> {
    const entered = this.pool.enter();
    if (entered === false) return OVERLOADED;
    if (entered !== true) await entered;
    try {
      const ms = (this.#latency?.next(step) ?? 0) * (this.#ageing?.slowdown(step) ?? 1);
      if (ms > 0) await delay(ms);
      return await handle();
    } finally {
      this.pool.leave();
    }
  }
}
