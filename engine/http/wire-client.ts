import type net from 'node:net';
import { AnswerParser } from './answer-parser.ts';
import type { AnswerReader, ParseFault } from './answer-parser.ts';
import { RESET, RequestError } from './failure.ts';
import { headerValues } from './raw-headers.ts';
import { RequestSocket } from './request-socket.ts';
import { requestText } from './request-text.ts';
import type { WireRequest } from './request-text.ts';

/** Follows one request: `onError` or `onComplete` comes last, once. */
export interface AnswerHandler {
  /** Just before it is written. `abort` ends it, and its connection, with this error. */
  readonly onConnect: (abort: (error: Error) => void) => void;
  readonly onRequestSent: () => void;
  /** The first byte of the answer has come, or of an interim one before it. */
  readonly onResponseStarted: () => void;
  readonly onHeaders: (status: number, headers: readonly string[], statusText: string) => void;
  readonly onData: (chunk: Buffer) => void;
  readonly onComplete: () => void;
  readonly onError: (error: Error) => void;
}

interface Order {
  readonly request: WireRequest;
  readonly handler: AnswerHandler;
}

/** Maximum size of a response body in bytes. */
const MAX_BODY = 64 * 1024 * 1024;
/** Idle time after which a connection is closed, unless the server asks for less. */
const KEEP_ALIVE_MS = 90_000;
/** A server that says how long it waits is taken at its word, less this. */
const KEEP_ALIVE_MARGIN_MS = 1_000;

const FIRST_ERROR_STATUS = 400;

const FAULTS: Readonly<Record<ParseFault, 'PAIRSTORM_NOT_HTTP' | 'PAIRSTORM_HEAD_TOO_LARGE'>> = {
  'not HTTP': 'PAIRSTORM_NOT_HTTP',
  'head too large': 'PAIRSTORM_HEAD_TOO_LARGE',
};

/** Called with a stream that is ready for requests, or with an error. */
export type Ready = (error: Error | undefined, stream?: net.Socket) => void;

/**
 * Requests one after the other over one HTTP/1.1 connection (RFC 9112), dialled at the first and again when it was closed.
 * Answers are parsed by llhttp; what is left to do is small, and undici's client costs a run a seventh more CPU
 * (bench/RESULTS.md).
 */
export class WireClient implements AnswerReader {
  readonly #host: string;
  readonly #dial: (ready: Ready) => void;
  readonly #waiting: Order[] = [];
  #order: Order | undefined;
  #stream: net.Socket | undefined;
  #parser: AnswerParser | undefined;
  #dialling = false;
  #destroyed = false;
  /** Whether this turn of the event loop may still bring the end of the connection. */
  #settling = false;
  /** Whether the next request is about to be written. */
  #planned = false;
  #idle: NodeJS.Timeout | undefined;
  #idleMs = KEEP_ALIVE_MS;
  #closes = false;
  /** Whether the answer under way has an error status. */
  #refused = false;
  #received = 0;

  /** `host`: for the header. */
  constructor(host: string, dial: (ready: Ready) => void) {
    this.#host = host;
    this.#dial = dial;
  }

  dispatch(request: WireRequest, handler: AnswerHandler): void {
    this.#waiting.push({ request, handler });
    this.#next();
  }

  /** Closes the connection; all requests fail. */
  destroy(): void {
    this.#destroyed = true;
    this.#stream?.destroy();
    if (this.#stream === undefined) queueMicrotask(() => this.#cutAll());
  }

  #next(): void {
    if (this.#order !== undefined || this.#settling || this.#dialling || this.#waiting.length === 0) return;
    if (this.#destroyed) {
      queueMicrotask(() => this.#cutAll());
      return;
    }
    if (this.#stream === undefined) {
      this.#dialling = true;
      this.#dial((error, stream) => this.#dialled(error, stream));
      return;
    }
    // What the system has already received of the end of an idle connection is seen before it is used again.
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      if (this.#stream === undefined) this.#next();
      else if (this.#order === undefined) this.#write(this.#stream);
    });
  }

  #dialled(error: Error | undefined, stream: net.Socket | undefined): void {
    this.#dialling = false;
    if (stream === undefined) {
      this.#failAll(error!);
      return;
    }
    let fault: Error | undefined;
    const parser = new AnswerParser(this);
    this.#stream = stream;
    this.#parser = parser;
    this.#closes = false;
    this.#idleMs = KEEP_ALIVE_MS;
    const finish = (): void => {
      if (this.#order !== undefined && this.#parser === parser) parser.finish();
    };
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      fault ??= cause;
      // A server that refuses a request before it has read all of it may have to reset the connection (RFC 9112, 9.6).
      if (this.#refused && RESET.has(cause.code ?? '')) finish();
    });
    stream.on('data', (chunk: Buffer) => {
      // Nobody asked: an answer of the server's own, such as 408, or a second one.
      const wrong = this.#order === undefined ? 'not HTTP' : parser.parse(chunk);
      if (wrong === undefined) return;
      this.#fail(new RequestError(FAULTS[wrong]));
      stream.destroy();
    });
    stream.on('end', () => {
      finish();
      stream.destroy();
    });
    stream.on('close', () => this.#closed(stream, fault));
    if (this.#destroyed) stream.destroy();
    else this.#write(stream);
  }

  #closed(stream: net.Socket, fault: Error | undefined): void {
    if (this.#stream !== stream) return;
    this.#disconnect();
    this.#fail(fault ?? new RequestError('PAIRSTORM_CUT'));
    if (this.#destroyed) this.#cutAll();
    this.#next();
  }

  /** Forgets the connection. */
  #disconnect(): void {
    this.#parser?.free();
    this.#parser = undefined;
    this.#stream = undefined;
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }

  /** Ends the request under way, and its connection, with an error. */
  #fail(error: Error): void {
    const order = this.#order;
    if (order === undefined) return;
    this.#order = undefined;
    const stream = this.#stream;
    this.#disconnect();
    stream?.destroy();
    order.handler.onError(error);
    this.#next();
  }

  #cutAll(): void {
    this.#failAll(new RequestError('PAIRSTORM_CUT'));
  }

  #failAll(error: Error): void {
    this.#fail(error);
    for (const { handler } of this.#waiting.splice(0)) handler.onError(error);
  }

  #write(stream: net.Socket): void {
    const order = this.#waiting.shift();
    if (order === undefined) return;
    const { request, handler } = order;
    const closes = request.reset === true || headerValues(request.headers, 'connection')[0]?.toLowerCase() === 'close';
    const text = requestText(request, this.#host, closes);
    if (text === undefined) {
      handler.onError(new RequestError('PAIRSTORM_REQUEST'));
      this.#next();
      return;
    }
    this.#order = order;
    if (this.#idle !== undefined) {
      clearTimeout(this.#idle);
      this.#idle = undefined;
      stream.ref();
    }
    this.#closes = closes;
    this.#refused = false;
    this.#received = 0;
    handler.onConnect((error) => {
      if (this.#isUnderWay(order)) this.#fail(error);
    });
    if (!this.#isUnderWay(order)) return;
    if (stream instanceof RequestSocket) stream.send(text);
    else stream.write(text, 'latin1');
    handler.onRequestSent();
  }

  #isUnderWay(order: Order): boolean {
    return this.#order === order;
  }

  onStart(): boolean {
    this.#order?.handler.onResponseStarted();
    return this.#order !== undefined;
  }

  onHead(status: number, headers: readonly string[], statusText: string, keepAlive: boolean): boolean {
    const { request, handler } = this.#order!;
    if (!keepAlive) this.#closes = true;
    this.#refused = status >= FIRST_ERROR_STATUS;
    this.#heed(headers);
    handler.onHeaders(status, headers, statusText);
    return request.method === 'HEAD';
  }

  /** For how long the server keeps the connection, if it says so. */
  #heed(headers: readonly string[]): void {
    this.#idleMs = KEEP_ALIVE_MS;
    const [said = ''] = headerValues(headers, 'keep-alive');
    if (said === '') return;
    const [, seconds] = /timeout=(\d+)/i.exec(said) ?? [];
    if (seconds !== undefined) this.#idleMs = Math.min(KEEP_ALIVE_MS, Number(seconds) * 1000 - KEEP_ALIVE_MARGIN_MS);
    if (this.#idleMs <= 0) this.#closes = true;
  }

  onBody(bytes: Buffer): void {
    this.#received += bytes.length;
    if (this.#received > MAX_BODY) this.#fail(new RequestError('PAIRSTORM_BODY_TOO_LARGE'));
    else this.#order!.handler.onData(Buffer.from(bytes));
  }

  onEnd(): void {
    const { handler } = this.#order!;
    this.#order = undefined;
    const stream = this.#stream!;
    // If the request is still being sent, nobody knows whether the server will read the rest.
    if (this.#closes || (stream instanceof RequestSocket ? stream.sending : stream.writableLength > 0)) {
      this.#disconnect();
      stream.destroy();
    } else {
      this.#settling = true;
      setImmediate(() => {
        this.#settling = false;
        this.#next();
        if (this.#waiting.length === 0) this.#rest();
      });
    }
    handler.onComplete();
    this.#next();
  }

  /** Closes the connection when it has been idle for long. */
  #rest(): void {
    if (this.#stream === undefined || this.#order !== undefined) return;
    this.#stream.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#order === undefined && this.#waiting.length === 0) this.#stream?.destroy();
    }, this.#idleMs).unref();
  }
}
