import { performance } from 'node:perf_hooks';

/** A request that has a deadline. */
export interface Timed {
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** Called when the deadline has passed, unless the request was removed before. */
  timeOut(): void;
}

/** Requests that start within this time share a timer. */
const SPAN_MS = 50;
/** Node takes a longer delay for one of 1 ms. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The group that takes new requests, by their time-out. */
const open = new Map<number, RequestDeadlines>();

/**
 * The deadlines of requests with the same time-out that started at about the same time: one timer, at the first deadline
 * that is left. A timer of Node's for each request is a link in a list, whose neighbours are cold memory when hundreds
 * of users wait: 4 % of the CPU of 400 users (bench/RESULTS.md).
 */
export class RequestDeadlines {
  readonly #timeoutMs: number;
  readonly #openUntil: number;
  /** In the order of their deadlines; undefined: has ended. */
  readonly #requests: (Timed | undefined)[] = [];
  #left = 0;
  /** Requests before this one have ended. */
  #first = 0;
  #timer: NodeJS.Timeout | undefined;

  /** The group for a request that starts now. */
  static for(timeoutMs: number, now: number): RequestDeadlines {
    let group = open.get(timeoutMs);
    if (group === undefined || now > group.#openUntil)
      open.set(timeoutMs, (group = new RequestDeadlines(timeoutMs, now)));
    return group;
  }

  private constructor(timeoutMs: number, now: number) {
    this.#timeoutMs = timeoutMs;
    this.#openUntil = now + SPAN_MS;
  }

  /** Returns the request's place, for `remove`. */
  add(request: Timed): number {
    this.#left++;
    this.#timer ??= this.#wait(this.#timeoutMs);
    return this.#requests.push(request) - 1;
  }

  /** To be called once, when the request ends. */
  remove(place: number): void {
    this.#requests[place] = undefined;
    if (--this.#left > 0) return;
    // A timer would keep the process alive.
    clearTimeout(this.#timer);
    if (open.get(this.#timeoutMs) === this) open.delete(this.#timeoutMs);
  }

  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#fire(), Math.min(ms, LONGEST_DELAY_MS));
  }

  #fire(): void {
    const due = performance.now() - this.#timeoutMs;
    for (; this.#first < this.#requests.length; this.#first++) {
      const request = this.#requests[this.#first];
      if (request === undefined) continue;
      if (request.startedAt > due) {
        this.#timer = this.#wait(request.startedAt - due);
        return;
      }
      request.timeOut();
    }
    this.#timer = undefined;
  }
}
