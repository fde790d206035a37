import type { HttpClient } from './client.ts';
import type { Connection } from './connection.ts';
import { CookieJar } from './cookie-jar.ts';
import type { Exchange } from './exchange.ts';
import type { ExpectedStatuses } from './expected-statuses.ts';
import { DEFAULT_EXPECTED } from './expected-statuses.ts';
import type { Caller } from './ports.ts';
import { parseTarget } from './target.ts';
import type { RequestTarget } from './target.ts';
import type { WireRequest } from './request-text.ts';

/** Maximum connections of a caller to an origin; further requests wait (k6's `batchPerHost`). */
const MAX_CONNECTIONS = 6;

/** The HTTP state of a caller: its connections, cookie jar and response callback. */
export class HttpSession {
  /** `null`: switched off. */
  expected: ExpectedStatuses | null = DEFAULT_EXPECTED;
  readonly client: HttpClient;
  readonly caller: Caller;
  #jar: CookieJar | undefined;
  /** Of the latest request: most go where the one before went. */
  #target: RequestTarget | undefined;
  /** Own connections by origin; empty if connections are shared. */
  readonly #connections = new Map<string, Connection[]>();
  /** Requests in flight on shared connections. */
  #shared: Set<Exchange> | undefined;
  /** Traffic of closed or shared connections that is not recorded yet. */
  #lostSent = 0;
  #lostReceived = 0;
  /** Whether it has its own connections even if others share theirs. */
  readonly #apart: boolean;

  constructor(client: HttpClient, caller: Caller, apart: boolean) {
    this.client = client;
    this.caller = caller;
    this.#apart = apart;
  }

  send(exchange: Exchange, request: WireRequest): void {
    const shared = this.#apart ? undefined : this.client.shared;
    if (shared === undefined) {
      exchange.begin(this.#connectionTo(request.origin), request);
      return;
    }
    const underWay = (this.#shared ??= new Set());
    underWay.add(exchange);
    exchange.onOver = () => {
      underWay.delete(exchange);
      // The connection was exclusively this caller's for the request.
      const traffic = exchange.connection?.takeTraffic();
      this.#lostSent += traffic?.sent ?? 0;
      this.#lostReceived += traffic?.received ?? 0;
    };
    shared.send(exchange, request);
  }

  /** Where a request to a URL goes; without `origin` if the URL is invalid. */
  targetOf(url: string): RequestTarget {
    if (this.#target?.url !== url) this.#target = parseTarget(url) ?? { url, origin: '', path: '', secure: false };
    return this.#target;
  }

  get jar(): CookieJar {
    return (this.#jar ??= new CookieJar());
  }

  /** The least used connection to an origin; a new one if all are in use and the limit allows. */
  #connectionTo(origin: string): Connection {
    let list = this.#connections.get(origin);
    if (list?.some((connection) => connection.destroyed) === true) {
      this.#closeWhere((connection) => connection.destroyed);
      list = this.#connections.get(origin);
    }
    let least: Connection | undefined;
    for (const connection of list ?? []) {
      if (connection.inFlight === 0) return connection;
      if (least === undefined || connection.inFlight < least.inFlight) least = connection;
    }
    if (least !== undefined && list!.length >= MAX_CONNECTIONS) return least;
    const made = this.client.connect(origin);
    if (list === undefined) this.#connections.set(origin, [made]);
    else list.push(made);
    return made;
  }

  /** Bytes sent and received since the last call. */
  takeTraffic(): { readonly sent: number; readonly received: number } {
    let sent = this.#lostSent;
    let received = this.#lostReceived;
    this.#lostSent = 0;
    this.#lostReceived = 0;
    for (const list of this.#connections.values()) {
      for (const connection of list) {
        const traffic = connection.takeTraffic();
        sent += traffic.sent;
        received += traffic.received;
      }
    }
    return { sent, received };
  }

  /** Prepares for the caller's next iteration (k6-contract.md 1.1). */
  reset(): void {
    const settings = this.client.host.settings;
    if (settings?.noCookiesReset !== true) this.#jar?.empty();
    if (settings?.noVUConnectionReuse === true) this.#closeWhere(() => true);
  }

  /** Aborts requests in flight. */
  abortPending(): void {
    this.#closeWhere((connection) => connection.inFlight > 0);
    for (const exchange of this.#shared ?? []) exchange.cut();
  }

  close(): void {
    this.#closeWhere(() => true);
  }

  #closeWhere(chosen: (connection: Connection) => boolean): void {
    for (const [origin, list] of this.#connections) {
      const kept: Connection[] = [];
      for (const connection of list) {
        if (!chosen(connection)) kept.push(connection);
        else {
          const { sent, received } = connection.takeTraffic();
          this.#lostSent += sent;
          this.#lostReceived += received;
          connection.destroy();
        }
      }
      if (kept.length === 0) this.#connections.delete(origin);
      else this.#connections.set(origin, kept);
    }
  }
}
