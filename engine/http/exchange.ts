import { performance } from 'node:perf_hooks';
import type { BodiesUnderWay, BodyUnderWay } from './bodies-under-way.ts';
import type { Connection } from './connection.ts';
import { headerValues } from './raw-headers.ts';
import { RESET, RequestError } from './failure.ts';
import { RequestDeadlines } from './request-deadlines.ts';
import type { Timed } from './request-deadlines.ts';
import type { WireRequest } from './request-text.ts';
import type { AnswerHandler } from './wire-client.ts';

/** Timings of a request in milliseconds (k6-contract.md 6.2). `blocked`: all until the connection was ready. */
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

/** Notified of the end of an exchange, once. */
export interface ExchangeOwner {
  readonly exchanged: (exchange: Exchange) => void;
}

const NOBODY: ExchangeOwner = { exchanged: () => undefined };
const NEVER_DIALLED = { dialledAt: 0, connectedAt: 0, readyAt: 0 };

const NO_HEADERS: readonly string[] = [];
const REQUEST_TIMEOUT = 408;
/** Only a proxy sends this (RFC 9110, 15.5.8). */
const PROXY_PASSWORD = 407;
/** Errors of a write to a connection that has just been closed. */
const CLOSED: ReadonlySet<string> = new Set(['PAIRSTORM_CUT', ...RESET]);

/** Whether the server closes the connection after this answer. */
function closes(rawHeaders: readonly string[]): boolean {
  return headerValues(rawHeaders, 'connection').some((value) => value.toLowerCase() === 'close');
}

/** One request and its answer on the wire. */
export class Exchange implements AnswerHandler, BodyUnderWay, Timed {
  status = 0;
  statusText = '';
  rawHeaders: readonly string[] = NO_HEADERS;
  chunks: Buffer[] | undefined;
  /** Bytes of the body in memory. */
  held = 0;
  error: unknown;
  /** Undefined before a connection is assigned. */
  connection: Connection | undefined;
  /** Whether it was sent twice, because the reused connection had been closed. */
  resent = false;
  /** Called at the end, before the owner is notified and the connection is free. */
  onOver: (() => void) | undefined;
  readonly startedAt = performance.now();
  #begunAt = 0;
  #writtenAt = 0;
  #sentAt = 0;
  #firstByteAt = 0;
  #endedAt = 0;
  #abort: ((error: Error) => void) | undefined;
  #deadlines: RequestDeadlines | undefined;
  #placeOfDeadline = 0;
  #owner: ExchangeOwner | undefined;
  readonly #bodies: BodiesUnderWay | undefined;
  readonly #mayResend: boolean;
  #request: WireRequest | undefined;
  /** Whether the connection has served another request, and the bytes received on it before this one was written. */
  #reused = false;
  #readBefore = 0;

  /**
   * `blocked` and the deadline start now. `timeoutMs`: 0 means no deadline. Without `bodies` the answer's body is
   * discarded. `mayResend`: once, if a reused connection dies before the first byte of the answer.
   */
  constructor(timeoutMs: number, bodies: BodiesUnderWay | undefined, mayResend: boolean, owner: ExchangeOwner) {
    this.#bodies = bodies;
    this.#mayResend = mayResend;
    this.#owner = owner;
    if (timeoutMs === 0) return;
    this.#deadlines = RequestDeadlines.for(timeoutMs, this.startedAt);
    this.#placeOfDeadline = this.#deadlines.add(this);
  }

  /** Dispatches the request on a connection. */
  begin(connection: Connection, request: WireRequest): void {
    this.#begunAt = performance.now();
    this.connection = connection;
    this.#request = request;
    connection.dispatch(request, this);
  }

  /** Whether it has ended, in any way. */
  get over(): boolean {
    return this.#owner === undefined;
  }

  /** Aborts it without notifying anyone. */
  cut(): void {
    if (this.#owner !== undefined) this.#owner = NOBODY;
    this.#giveUp(new RequestError('PAIRSTORM_TIMEOUT'));
  }

  onConnect(abort: (error: Error) => void): void {
    if (this.#owner === undefined) {
      abort(new RequestError('PAIRSTORM_TIMEOUT'));
      return;
    }
    this.#abort = abort;
    this.#reused = this.connection!.writing();
    this.#readBefore = this.connection!.bytesRead;
    this.#writtenAt = performance.now();
  }

  onRequestSent(): void {
    this.#sentAt = performance.now();
  }

  onResponseStarted(): void {
    this.#firstByteAt = performance.now();
  }

  onHeaders(status: number, rawHeaders: readonly string[], statusText: string): void {
    if (status === PROXY_PASSWORD && this.connection!.proxied) {
      this.#abort!(new RequestError('PAIRSTORM_PROXY_PASSWORD'));
      return;
    }
    // Sent because the connection was idle for too long; it crossed with this request (RFC 9110, 15.5.9).
    if (status === REQUEST_TIMEOUT && this.#reused && closes(rawHeaders)) {
      this.#abort!(new RequestError('PAIRSTORM_REUSED'));
      return;
    }
    this.status = status;
    this.statusText = statusText;
    this.rawHeaders = rawHeaders;
  }

  onData(chunk: Buffer): void {
    // Ignore data that arrives after the end.
    if (this.#bodies === undefined || this.#owner === undefined) return;
    if (this.chunks === undefined) this.chunks = [chunk];
    else this.chunks.push(chunk);
    this.held += chunk.length;
    this.#bodies.grew(this, chunk.length);
  }

  onComplete(): void {
    this.#finish(undefined);
  }

  onError(error: Error): void {
    const lost = this.#wasLost(error);
    if (lost && this.#mayResend && !this.resent && this.#owner !== undefined) this.#sendAgain();
    else this.#finish(lost ? new RequestError('PAIRSTORM_REUSED') : error);
  }

  /** Whether the server presumably closed a reused connection before it saw the request. */
  #wasLost(error: Error): boolean {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'PAIRSTORM_REUSED') return true;
    const { destroyed, bytesRead } = this.connection!;
    return this.#reused && !destroyed && bytesRead === this.#readBefore && CLOSED.has(code ?? '');
  }

  /** Counts as one request: the time lost on the dead connection is part of `blocked`, like a dial. */
  #sendAgain(): void {
    this.resent = true;
    this.#abort = undefined;
    this.#reused = false;
    this.#writtenAt = 0;
    this.#sentAt = 0;
    this.#firstByteAt = 0;
    queueMicrotask(() => {
      if (!this.over) this.connection!.replace(this.#request!, this);
    });
  }

  get timings(): Timings {
    const started = this.startedAt;
    const end = this.#endedAt;
    const { dialledAt, connectedAt, readyAt } = this.connection ?? NEVER_DIALLED;
    const fresh = dialledAt >= this.#begunAt && connectedAt >= dialledAt && connectedAt > 0;
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

  /** Aborts it for lack of memory. */
  tooMuch(): void {
    this.#giveUp(new RequestError('PAIRSTORM_BODIES'));
  }

  timeOut(): void {
    this.#giveUp(new RequestError('PAIRSTORM_TIMEOUT'));
  }

  #giveUp(error: Error): void {
    const abort = this.#abort;
    const owner = this.#end();
    if (owner === undefined) return;
    // Abort before the connection is released: the next request must not be hit.
    if (abort !== undefined) abort(error);
    else this.connection?.destroy();
    this.#notify(owner, error);
  }

  #finish(error: unknown): void {
    const owner = this.#end();
    if (owner !== undefined) this.#notify(owner, error);
  }

  /** Stops the clock and returns the owner to notify, once. */
  #end(): ExchangeOwner | undefined {
    const owner = this.#owner;
    if (owner === undefined) return undefined;
    this.#owner = undefined;
    this.#endedAt = performance.now();
    this.#deadlines?.remove(this.#placeOfDeadline);
    this.#bodies?.ended(this);
    return owner;
  }

  #notify(owner: ExchangeOwner, error: unknown): void {
    this.error = error;
    // Incomplete answers are not shown.
    if (error !== undefined) this.chunks = undefined;
    this.onOver?.();
    this.connection?.released();
    owner.exchanged(this);
  }
}
