import { ERRORS } from '../protocol/errors.ts';
import type { ApiError } from '../protocol/resources.ts';
import { RATE_LIMIT_HEADERS } from '../protocol/transport.ts';
import type { Answer } from './answer.ts';

/** Source addresses that are told apart; with more, the one that was seen first is forgotten. */
const MAX_ADDRESSES = 10_000;

/** Allows a rate on average and a second's worth of it at once. Times are milliseconds of the simulator's clock. */
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

  /** Requests that are free now. */
  at(now: number): number {
    this.#tokens = Math.min(this.#size, this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.rate);
    this.#at = now;
    return this.#tokens;
  }

  take(): void {
    this.#tokens -= 1;
  }

  /** Whole seconds until one request is free. */
  retryAfterS(): number {
    return Math.max(1, Math.ceil((1 - this.#tokens) / this.rate));
  }

  /** Whole seconds until it is as after a pause. */
  resetS(): number {
    return Math.ceil((this.#size - this.#tokens) / this.rate);
  }
}

/** What became of a request under the limit. */
interface Allowance {
  /** The refusal; null: the request may pass. */
  readonly refusal: Answer | null;
  /** For the answer, whatever it is. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A limit on requests per second, for all addresses together and for each of them a share. [doc] */
export class RateLimit {
  readonly #all: Bucket;
  readonly #addressRate: number;
  readonly #byAddress = new Map<string, Bucket>();

  /** `rate`: requests per second; `addressShare`: of it, for one source address. */
  constructor(rate: number, addressShare: number, now: number) {
    this.#all = new Bucket(rate, now);
    this.#addressRate = rate * addressShare;
  }

  /** Takes one request of this address at this time, if both limits have one to spare. */
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
