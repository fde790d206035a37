import { uniformNumbers } from '../../../contract/draw.ts';

/** A server, and the flows that come to it. Times in seconds. */
export interface Queue {
  /** Flow starts: a Poisson process, or one each 1/rate. */
  readonly starts: 'poisson' | 'even';
  readonly workers: number;
  readonly service: 'lognormal' | 'exponential' | 'fixed';
  /** Median of a log-normal service time, mean of the others. */
  readonly serviceSeconds: number;
  /** Of a log-normal service time. */
  readonly sigma: number;
  readonly requestsPerFlow: number;
  /** Mean time from an answer to the flow's next request, exponential or fixed. */
  readonly gapSeconds: number;
  readonly gaps: 'exponential' | 'fixed';
  /** Pauses, as of a garbage collector: so long, and so far apart in the mean. What begins in one waits for its end. */
  readonly pauseSeconds: number;
  readonly pauseEverySeconds: number;
}

/** Eight workers, 20 ms, six requests a flow, a second of think time between them. */
export const USUAL: Queue = {
  ...{ starts: 'poisson', workers: 8, service: 'lognormal', serviceSeconds: 0.02, sigma: 0.4 },
  ...{ requestsPerFlow: 6, gapSeconds: 1, gaps: 'exponential', pauseSeconds: 0, pauseEverySeconds: Infinity },
};

/**
 * An event simulation of a queue G/G/c to which flows come back: first come, first served. It can be run on, and then says of each
 * request when it began and how long it took; NaN: it is still open.
 */
export class QueueSimulation {
  readonly began: number[] = [];
  readonly latency: number[] = [];
  readonly flowStarts: number[] = [];
  readonly flowEnds: number[] = [];
  /** When a worker began and ended to serve, of each request that was served. */
  readonly servedFrom: number[] = [];
  readonly servedTo: number[] = [];
  readonly #queue: Queue;
  readonly #rate: number;
  readonly #uniform: () => number;
  // A heap of events by time, in lists side by side: requests that are left to the flow after it, and which request ends.
  readonly #times: number[] = [];
  readonly #left: number[] = [];
  readonly #request: number[] = [];
  readonly #waiting: { readonly request: number; readonly left: number }[] = [];
  #head = 0;
  #busy = 0;
  #nextStart: number;
  #pauseEnds = 0;
  #nextPause: number;

  constructor(queue: Queue, rate: number, seed: number) {
    this.#queue = queue;
    this.#rate = rate;
    const next = uniformNumbers(seed);
    this.#uniform = () => next() + 2 ** -33;
    this.#nextStart = queue.starts === 'poisson' ? this.#exponential(1 / rate) : 0;
    this.#nextPause = queue.pauseSeconds > 0 ? this.#exponential(queue.pauseEverySeconds) : Infinity;
  }

  /** Plays on until a time. */
  run(until: number): void {
    const { starts, requestsPerFlow } = this.#queue;
    for (;;) {
      const next = this.#times[0] ?? Infinity;
      if (Math.min(next, this.#nextStart) >= until) return;
      if (this.#nextStart <= next) {
        const now = this.#nextStart;
        this.#nextStart += starts === 'poisson' ? this.#exponential(1 / this.#rate) : 1 / this.#rate;
        this.flowStarts.push(now);
        this.#arrive(now, requestsPerFlow - 1);
      } else this.#event();
    }
  }

  #event(): void {
    const [now, left, request] = [this.#times[0]!, this.#left[0]!, this.#request[0]!];
    this.#pop();
    if (request < 0) {
      this.#arrive(now, left);
      return;
    }
    this.latency[request] = now - this.began[request]!;
    if (left === 0) this.flowEnds.push(now);
    else {
      const { gaps, gapSeconds } = this.#queue;
      this.#push(now + (gaps === 'fixed' ? gapSeconds : this.#exponential(gapSeconds)), left - 1, -1);
    }
    const waiting = this.#waiting[this.#head];
    if (waiting === undefined) this.#busy--;
    else {
      this.#head++;
      this.#serve(now, waiting.request, waiting.left);
    }
  }

  #arrive(now: number, left: number): void {
    const request = this.began.push(now) - 1;
    this.latency.push(NaN);
    if (this.#busy < this.#queue.workers) {
      this.#busy++;
      this.#serve(now, request, left);
    } else this.#waiting.push({ request, left });
  }

  #serve(now: number, request: number, left: number): void {
    while (now >= this.#nextPause) {
      this.#pauseEnds = this.#nextPause + this.#queue.pauseSeconds;
      this.#nextPause += this.#exponential(this.#queue.pauseEverySeconds);
    }
    const end = Math.max(now, this.#pauseEnds) + this.#serviceTime();
    this.servedFrom.push(now);
    this.servedTo.push(end);
    this.#push(end, left, request);
  }

  #serviceTime(): number {
    const { service, serviceSeconds, sigma } = this.#queue;
    if (service === 'fixed') return serviceSeconds;
    if (service === 'exponential') return this.#exponential(serviceSeconds);
    const normal = Math.sqrt(-2 * Math.log(this.#uniform())) * Math.cos(2 * Math.PI * this.#uniform());
    return serviceSeconds * Math.exp(sigma * normal);
  }

  #exponential(mean: number): number {
    return -Math.log(this.#uniform()) * mean;
  }

  #push(time: number, left: number, request: number): void {
    let at = this.#times.length;
    for (; at > 0 && this.#times[(at - 1) >> 1]! > time; at = (at - 1) >> 1) this.#move((at - 1) >> 1, at);
    this.#set(at, time, left, request);
  }

  #pop(): void {
    const [time, left, request] = [this.#times.pop()!, this.#left.pop()!, this.#request.pop()!];
    const size = this.#times.length;
    if (size === 0) return;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.#times[child + 1]! < this.#times[child]!) child++;
      if (this.#times[child]! >= time) break;
      this.#move(child, at);
      at = child;
    }
    this.#set(at, time, left, request);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#times[from]!, this.#left[from]!, this.#request[from]!);
  }

  #set(at: number, time: number, left: number, request: number): void {
    this.#times[at] = time;
    this.#left[at] = left;
    this.#request[at] = request;
  }
}
