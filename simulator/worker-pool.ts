/** A finite number of workers with a queue, like an application server's threads. */
export class WorkerPool {
  readonly #workers: number;
  readonly #queueLimit: number;
  readonly #queue: (() => void)[] = [];
  #busy = 0;

  /** `workers` 0: no limit, no queue. */
  constructor(workers: number, queueLimit: number) {
    this.#workers = workers === 0 ? Infinity : workers;
    this.#queueLimit = queueLimit;
  }

  get busy(): number {
    return this.#busy;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Takes a worker: true at once, a promise while queued, or false if the queue is full. */
  enter(): true | false | Promise<true> {
    if (this.#busy < this.#workers) {
      this.#busy += 1;
      return true;
    }
    if (this.#queue.length >= this.#queueLimit) return false;
    return new Promise((resolve) => this.#queue.push(() => resolve(true)));
  }

  /** Passes the worker on to the longest waiting request, or frees it. */
  leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }
}
