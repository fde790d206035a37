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

/** How many times as long the first request takes on a cold cache. */
const COLD = 4;

/** Serves requests as a machine of finite strength: a worker each, which it holds for the drawn service time. */
export class Service {
  readonly pool: WorkerPool;
  readonly #settings: SimulatorSettings;
  readonly #latency: LatencyModel | null;
  readonly #ageing: Ageing | undefined;
  readonly #served: (busyMs: number) => void;
  readonly #startedAt = performance.now();
  /** Requests until the cache is warm. */
  #cold: number;

  /** `served`: told of each request, and how long it held its worker. */
  constructor(settings: SimulatorSettings, ageing?: Ageing, served: (busyMs: number) => void = () => undefined) {
    this.#ageing = ageing;
    this.pool = new WorkerPool(settings.workers, settings.queueLimit);
    const { seed, latencyScale, latencySigma, latencyMs, latencyShape } = settings;
    this.#latency =
      settings.latency === 'on' ? new LatencyModel(seed, latencyScale, latencySigma, latencyMs, latencyShape) : null;
    this.#settings = settings;
    this.#served = served;
    this.#cold = settings.coldRequests;
  }

  /** Time that a request needs, as far as the cache is warm, and what is left of a pause. */
  #serviceMs(step: SimulatorStep): number {
    const drawn = (this.#latency?.next(step) ?? 0) * (this.#ageing?.slowdown(step) ?? 1);
    const { coldRequests, pauseEveryMs, pauseMs } = this.#settings;
    const cold = coldRequests > 0 ? 1 + ((COLD - 1) * this.#cold) / coldRequests : 1;
    if (this.#cold > 0 && drawn > 0) this.#cold--;
    const ms = drawn * cold;
    if (pauseEveryMs === 0 || ms === 0) return ms;
    // Pauses begin at whole multiples of pauseEveryMs; whoever is served then waits for their end.
    const now = performance.now() - this.#startedAt;
    const left = pauseMs - (now % pauseEveryMs);
    const meets = now + ms >= (Math.floor(now / pauseEveryMs) + 1) * pauseEveryMs;
    return ms + (now >= pauseEveryMs && left > 0 ? left : 0) + (meets ? pauseMs : 0);
  }

  /**
   * Runs a handler on a worker. The service time passes before the handler runs, so that responses leave in the order
   * of their state changes.
   */
  async serve(step: SimulatorStep, handle: () => Answer | Promise<Answer>): Promise<Answer> {
    const entered = this.pool.enter();
    if (entered === false) return OVERLOADED;
    const { coldAtQueue, coldRequests } = this.#settings;
    if (coldAtQueue > 0 && this.pool.queued >= coldAtQueue) this.#cold = coldRequests;
    if (entered !== true) await entered;
    const began = performance.now();
    try {
      const ms = this.#serviceMs(step);
      if (ms > 0) await delay(ms);
      return await handle();
    } finally {
      if (this.#latency?.has(step) === true) this.#served(performance.now() - began);
      this.pool.leave();
    }
  }
}
