import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';
import type { Connection } from './connection.ts';
import { RequestError } from './failure.ts';

/** Times of a request in milliseconds (k6-contract.md 6.2). `blocked` holds everything until the connection was ready. */
export interface Timings {
  readonly blocked: number;
  readonly connecting: number;
  readonly tls_handshaking: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
  /** sending + waiting + receiving. */
  readonly duration: number;
}

const NO_CHUNKS: readonly Buffer[] = [];

/**
 * One request and its answer on the wire. It is undici's low-level handler, in the form that hands headers over as raw
 * bytes: they are decoded only if a script looks at them.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  status = 0;
  statusText = '';
  rawHeaders: readonly Buffer[] = NO_CHUNKS;
  chunks: Buffer[] | undefined;
  error: unknown;
  readonly connection: Connection;
  readonly #startedAt = performance.now();
  #writtenAt = 0;
  #sentAt = 0;
  #firstByteAt = 0;
  #endedAt = 0;
  #abort: ((error: Error) => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #done: ((exchange: Exchange) => void) | undefined;
  readonly #keepBody: boolean;

  constructor(
    connection: Connection,
    options: Dispatcher.DispatchOptions,
    timeoutMs: number,
    keepBody: boolean,
    done: (exchange: Exchange) => void,
  ) {
    this.connection = connection;
    this.#keepBody = keepBody;
    this.#done = done;
    if (timeoutMs > 0) this.#deadline = setTimeout(() => this.#timeOut(), timeoutMs);
    connection.inFlight++;
    connection.dispatch(options, this);
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#done === undefined) {
      abort();
      return;
    }
    this.#abort = abort;
    this.#writtenAt = performance.now();
  }

  onRequestSent(): void {
    this.#sentAt = performance.now();
  }

  onResponseStarted(): void {
    if (this.#firstByteAt === 0) this.#firstByteAt = performance.now();
  }

  onHeaders(status: number, rawHeaders: Buffer[], _resume: () => void, statusText: string): boolean {
    // An informational answer (1xx) is not the answer.
    if (status < 200) return true;
    this.status = status;
    this.statusText = statusText;
    this.rawHeaders = rawHeaders;
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#keepBody) (this.chunks ??= []).push(chunk);
    return true;
  }

  onComplete(): void {
    this.#finish(undefined);
  }

  onError(error: Error): void {
    this.#finish(error);
  }

  get timings(): Timings {
    const started = this.#startedAt;
    const end = this.#endedAt;
    const { dialledAt, connectedAt, readyAt } = this.connection;
    const fresh = dialledAt >= started && connectedAt >= dialledAt;
    const written = this.#writtenAt;
    if (written === 0) {
      return {
        blocked: end - started,
        connecting: fresh ? connectedAt - dialledAt : 0,
        tls_handshaking: 0,
        sending: 0,
        waiting: 0,
        receiving: 0,
        duration: 0,
      };
    }
    const sent = this.#sentAt === 0 ? end : this.#sentAt;
    const first = this.#firstByteAt === 0 ? end : Math.max(this.#firstByteAt, sent);
    const sending = sent - written;
    const waiting = first - sent;
    const receiving = end - first;
    return {
      blocked: written - started,
      connecting: fresh ? connectedAt - dialledAt : 0,
      tls_handshaking: fresh ? Math.max(0, readyAt - connectedAt) : 0,
      sending,
      waiting,
      receiving,
      duration: sending + waiting + receiving,
    };
  }

  #timeOut(): void {
    const error = new RequestError('PAIRSTORM_TIMEOUT');
    const abort = this.#abort;
    this.#finish(error);
    if (abort !== undefined) abort(error);
    else this.connection.destroy();
  }

  #finish(error: unknown): void {
    const done = this.#done;
    if (done === undefined) return;
    this.#done = undefined;
    this.#endedAt = performance.now();
    clearTimeout(this.#deadline);
    this.connection.inFlight--;
    this.error = error;
    done(this);
  }
}
