import { ERRORS } from '../protocol/errors.ts';
import type { ApiError } from '../protocol/resources.ts';
import { RATE_LIMIT_HEADERS } from '../protocol/transport.ts';
import type { Answer } from './answer.ts';

/** Limit of distinguished source addresses; beyond it, the oldest is dropped. */
const MAX_ADDRESSES = 10_000;

/** Token bucket: a rate on average, bursts of one second's worth. Times are the simulator's milliseconds. */
class Bucket {
  readonly rate: number;
  readonly #size: number;
  #tokens: number;
  #at: number;

  /** `rate`: requests per second. */
  constructor(rate: number, now: number) {
    this.rate = rate;
    this.#size = Math.max(1, rate);
    this.#tokens = this.#size;
    this.#at = now;
  }

  /** Requests available now. */
  at(now: number): number {
    this.#tokens = Math.min(this.#size, this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.rate);
    this.#at = now;
    return this.#tokens;
  }

  take(): void {
    this.#tokens -= 1;
  }

  /** Whole seconds until a request is available. */
  retryAfterS(): number {
    return Math.max(1, Math.ceil((1 - this.#tokens) / this.rate));
  }

  /** Whole seconds until the bucket is full. */
  resetS(): number {
    return Math.ceil((this.#size - this.#tokens) / this.rate);
  }
}

interface Allowance {
  /** Null: the request may pass. */
  readonly refusal: Answer | null;
  /** For the response, whether rejected or not. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A limit on requests per second, for all addresses together, of which each may use a share. [doc] */
export class RateLimit {
  readonly #all: Bucket;
  readonly #addressRate: number;
  readonly #byAddress = new Map<string, Bucket>();

  /** `addressShare`: share of `rate` for one source address. */
  constructor(rate: number, addressShare: number, now: number) {
    this.#all = new Bucket(rate, now);
    this.#addressRate = rate * addressShare;
  }

  /** Takes a request of this address if both limits allow it. */
  take(address: string, now: number): Allowance {
    const own = this.#bucketOf(address, now);
    const short = own.at(now) < 1 ? own : this.#all.at(now) < 1 ? this.#all : null;
    if (short === null) {
      own.take();
      this.#all.take();
    }
    const headers = {
      [RATE_LIMIT_HEADERS.limit]: String(Math.floor(Math.max(1, own.rate))),
      [RATE_LIMIT_HEADERS.remaining]: String(Math.floor(Math.min(own.at(now), this.#all.at(now)))),
      [RATE_LIMIT_HEADERS.reset]: String(own.resetS()),
    };
    if (short === null) return { refusal: null, headers };
    const body: ApiError = { code: 'REQUEST_LIMITED', message: ERRORS.REQUEST_LIMITED.message };
    const refusal = { httpStatus: ERRORS.REQUEST_LIMITED.httpStatus, body, code: 'REQUEST_LIMITED' };
    return { refusal, headers: { ...headers, [RATE_LIMIT_HEADERS.retryAfter]: String(short.retryAfterS()) } };
  }

  #bucketOf(address: string, now: number): Bucket {
    const known = this.#byAddress.get(address);
    if (known !== undefined) return known;
    if (this.#byAddress.size >= MAX_ADDRESSES) {
      for (const oldest of this.#byAddress.keys()) {
        this.#byAddress.delete(oldest);
        break;
      }
    }
    const bucket = new Bucket(this.#addressRate, now);
    this.#byAddress.set(address, bucket);
    return bucket;
  }
}
