import type { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { WireRequest } from './request-text.ts';

/** A request waiting for a connection. */
interface Waiting {
  readonly exchange: Exchange;
  readonly request: WireRequest;
}

/** The connections to one origin. */
interface Origin {
  readonly free: Connection[];
  readonly waiting: Waiting[];
  /** Connections that exist, free or in use. */
  made: number;
}

/**
 * The connections that all VUs of a thread share (`RunOptions.sharedConnections`). A connection serves one request at a
 * time, so that a request, even an aborted one, does not affect others. A request without a free connection gets a new
 * one, or is queued at the limit. The most recently used connection is reused first, so that a pool that was large for
 * a moment shrinks by idle timeouts.
 */
export class SharedConnections {
  readonly #most: number;
  readonly #make: (origin: string) => Connection;
  readonly #origins = new Map<string, Origin>();

  /** `most`: maximum connections to one origin. */
  constructor(most: number, make: (origin: string) => Connection) {
    this.#most = most;
    this.#make = make;
  }

  /** Sends a request as soon as a connection is available. */
  send(exchange: Exchange, request: WireRequest): void {
    const name = request.origin;
    let origin = this.#origins.get(name);
    if (origin === undefined) this.#origins.set(name, (origin = { free: [], waiting: [], made: 0 }));
    let connection = origin.free.pop();
    if (connection === undefined && origin.made < this.#most) {
      connection = this.#make(name);
      const made = connection;
      const at = origin;
      connection.onFree = () => this.#freed(at, made);
      origin.made++;
    }
    if (connection === undefined) origin.waiting.push({ exchange, request });
    else exchange.begin(connection, request);
  }

  /** Closes free connections; nothing is in flight when a run ends. */
  close(): void {
    for (const { free } of this.#origins.values()) for (const connection of free.splice(0)) connection.destroy();
  }

  #freed(origin: Origin, connection: Connection): void {
    if (connection.destroyed) origin.made--;
    else origin.free.push(connection);
    // Once those who were told of the end have returned.
    queueMicrotask(() => this.#serve(origin));
  }

  #serve(origin: Origin): void {
    while (origin.waiting.length > 0 && (origin.free.length > 0 || origin.made < this.#most)) {
      const { exchange, request } = origin.waiting.shift()!;
      // Its deadline or its iteration may have ended meanwhile.
      if (!exchange.over) this.send(exchange, request);
    }
  }
}
