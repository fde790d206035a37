import type { Dispatcher } from 'undici';
import type { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';

/** A request that waits for a connection. */
interface Waiting {
  readonly exchange: Exchange;
  readonly options: Dispatcher.DispatchOptions;
}

/** The connections to one origin. */
interface Origin {
  readonly free: Connection[];
  readonly waiting: Waiting[];
  /** Connections made and not given up, free or not. */
  made: number;
}

/**
 * The connections that all VUs of a thread share (`RunOptions.sharedConnections`). A connection serves one request at a
 * time, so that what becomes of a request, its abort included, is felt by no other; a request that finds none free gets a
 * new one, or waits in line where the limit is reached. The one that was used last is used next, so that a pool which was
 * large for a moment shrinks by idleness.
 */
export class SharedConnections {
  readonly #most: number;
  readonly #make: (origin: string) => Connection;
  readonly #origins = new Map<string, Origin>();

  /** `most`: connections to one origin. */
  constructor(most: number, make: (origin: string) => Connection) {
    this.#most = most;
    this.#make = make;
  }

  /** Sends a request when there is a connection for it. */
  send(exchange: Exchange, options: Dispatcher.DispatchOptions): void {
    const name = String(options.origin);
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
    if (connection === undefined) origin.waiting.push({ exchange, options });
    else exchange.begin(connection, options);
  }

  /** Closes what is free; nothing is under way when a run ends. */
  close(): void {
    for (const { free } of this.#origins.values()) for (const connection of free.splice(0)) connection.destroy();
  }

  #freed(origin: Origin, connection: Connection): void {
    if (connection.destroyed) origin.made--;
    else origin.free.push(connection);
    // In undici's own call-backs a client takes no request well: the next one goes when they have returned.
    queueMicrotask(() => this.#serve(origin));
  }

  #serve(origin: Origin): void {
    while (origin.waiting.length > 0 && (origin.free.length > 0 || origin.made < this.#most)) {
      const { exchange, options } = origin.waiting.shift()!;
      // Its deadline or its iteration may be over by now.
      if (!exchange.over) this.send(exchange, options);
    }
  }
}
