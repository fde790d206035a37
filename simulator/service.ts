import { setTimeout as delay } from 'node:timers/promises';
import type { Ageing } from './ageing.ts';
import type { Answer } from './answer.ts';
import type { SimulatorStep } from './call.ts';
import { LatencyModel } from './latency.ts';
import type { SimulatorSettings } from './settings.ts';
import { WorkerPool } from './worker-pool.ts';

/** What a gateway answers when its server takes no more: HTML, as real ones do. */
const OVERLOADED: Answer = {
  httpStatus: 503,
  body: '<html><head><title>503 Service Unavailable</title></head><body>The server is overloaded.</body></html>',
  headers: { 'content-type': 'text/html', 'retry-after': '1' },
  code: 'overloaded',
};

/** Serves requests as a machine of finite strength: a worker each, which it holds for the drawn service time. */
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
   * Runs a handler on a worker. The service time passes before the handler runs, so that answers leave in the order in
   * which the handlers changed the state.
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
