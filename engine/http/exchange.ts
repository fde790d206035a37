import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';
import type { BodiesUnderWay, BodyUnderWay } from './bodies-under-way.ts';
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

/** Who hears of the end of an exchange, once. */
export interface ExchangeOwner {
  readonly exchanged: (exchange: Exchange) => void;
}

const NOBODY: ExchangeOwner = { exchanged: () => undefined };
const NEVER_DIALLED = { dialledAt: 0, connectedAt: 0, readyAt: 0 };

const NO_CHUNKS: readonly Buffer[] = [];

/**
 * One request and its answer on the wire. It is undici's low-level handler, in the form that hands headers over as raw
 * bytes: they are decoded only if a script looks at them.
 */
export class Exchange implements Dispatcher.DispatchHandler, BodyUnderWay {
  status = 0;
  statusText = '';
  rawHeaders: readonly Buffer[] = NO_CHUNKS;
  chunks: Buffer[] | undefined;
  /** Bytes of the body that have come and are kept. */
  held = 0;
  error: unknown;
  /** Undefined until there is one for it. */
  connection: Connection | undefined;
  /** Called at its end, before its owner hears of it and its connection is free. */
  onOver: (() => void) | undefined;
  readonly #startedAt = performance.now();
  #begunAt = 0;
  #writtenAt = 0;
  #sentAt = 0;
  #firstByteAt = 0;
  #endedAt = 0;
  #abort: ((error: Error) => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #owner: ExchangeOwner | undefined;
  readonly #bodies: BodiesUnderWay | undefined;

  /**
   * Its time, `blocked` and the deadline, begins now. `timeoutMs`: 0 means no deadline. Without `bodies` the body of the answer is
   * thrown away as it comes.
   */
  constructor(timeoutMs: number, bodies: BodiesUnderWay | undefined, owner: ExchangeOwner) {
    this.#bodies = bodies;
    this.#owner = owner;
    if (timeoutMs > 0) this.#deadline = setTimeout(() => this.#timeOut(), timeoutMs);
  }

  /** Hands the request to a connection. */
  begin(connection: Connection, options: Dispatcher.DispatchOptions): void {
    this.#begunAt = performance.now();
    this.connection = connection;
    connection.dispatch(options, this);
  }

  /** True when it has ended, in whichever way. */
  get over(): boolean {
    return this.#owner === undefined;
  }

  /** Ends it, and nobody hears of it. */
  cut(): void {
    if (this.#owner !== undefined) this.#owner = NOBODY;
    this.#giveUp(new RequestError('PAIRSTORM_TIMEOUT'));
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#owner === undefined) {
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
    // What comes after its end is nobody's.
    if (this.#bodies === undefined || this.#owner === undefined) return true;
    (this.chunks ??= []).push(chunk);
    this.held += chunk.length;
    this.#bodies.grew(this, chunk.length);
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

  /** There is no room for what comes. */
  tooMuch(): void {
    this.#giveUp(new RequestError('PAIRSTORM_BODIES'));
  }

  #timeOut(): void {
    this.#giveUp(new RequestError('PAIRSTORM_TIMEOUT'));
  }

  #giveUp(error: Error): void {
    const abort = this.#abort;
    const owner = this.#end();
    if (owner === undefined) return;
    // Before the connection is free for another: that one must not be hit.
    if (abort !== undefined) abort(error);
    else this.connection?.destroy();
    this.#notify(owner, error);
  }

  #finish(error: unknown): void {
    const owner = this.#end();
    if (owner !== undefined) this.#notify(owner, error);
  }

  /** Stops the clock; gives who is to be told, once. */
  #end(): ExchangeOwner | undefined {
    const owner = this.#owner;
    if (owner === undefined) return undefined;
    this.#owner = undefined;
    this.#endedAt = performance.now();
    clearTimeout(this.#deadline);
    this.#bodies?.ended(this);
    return owner;
  }

  #notify(owner: ExchangeOwner, error: unknown): void {
    this.error = error;
    // Of an answer that is not whole nothing is shown.
    if (error !== undefined) this.chunks = undefined;
    this.onOver?.();
    this.connection?.released();
    owner.exchanged(this);
  }
}
