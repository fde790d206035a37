import type { TestRun } from '../test-run.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { secureContexts } from './client-certificates.ts';
import { Connection } from './connection.ts';
import type { ConnectionSettings } from './connection.ts';
import { CookieJar } from './cookie-jar.ts';
import type { ExpectedStatuses } from './expected-statuses.ts';
import { DEFAULT_EXPECTED } from './expected-statuses.ts';

/** Most connections of one VU to one origin; more requests at a time wait for one (k6's `batchPerHost`). */
const MAX_CONNECTIONS = 6;

const settingsOf = new WeakMap<TestRun, ConnectionSettings>();

function connectionSettings(run: TestRun): ConnectionSettings {
  let settings = settingsOf.get(run);
  if (settings === undefined) {
    const { insecureSkipTLSVerify, tlsAuth, tlsVersion, hosts, blacklistIPs, blockHostnames } = run.settings!;
    settings = {
      secureContextOf: secureContexts(tlsAuth, tlsVersion),
      verifyTls: !insecureSkipTLSVerify,
      hosts,
      blockedAddresses: blacklistIPs,
      blockedHosts: blockHostnames,
      proxyOf: run.proxyOf,
    };
    settingsOf.set(run, settings);
  }
  return settings;
}

/** The HTTP state of a VU: its connections, cookie jar and response callback. */
export class HttpSession {
  /** `null`: switched off. */
  expected: ExpectedStatuses | null = DEFAULT_EXPECTED;
  #jar: CookieJar | undefined;
  readonly #run: TestRun;
  readonly #connections = new Map<string, Connection[]>();
  /** Bytes of connections that are gone and not yet booked. */
  #lostSent = 0;
  #lostReceived = 0;

  constructor(vu: VirtualUser) {
    this.#run = vu.run;
  }

  /** The VU's cookie jar. */
  get jar(): CookieJar {
    return (this.#jar ??= new CookieJar());
  }

  /** The least used connection to an origin; a new one while all are in use and the limit allows. */
  connectionTo(origin: string): Connection {
    let list = this.#connections.get(origin);
    if (list?.some((connection) => connection.destroyed) === true) {
      this.#closeWhere((connection) => connection.destroyed);
      list = this.#connections.get(origin);
    }
    if (list === undefined) this.#connections.set(origin, (list = []));
    let least: Connection | undefined;
    for (const connection of list) {
      if (connection.inFlight === 0) return connection;
      if (least === undefined || connection.inFlight < least.inFlight) least = connection;
    }
    if (least !== undefined && list.length >= MAX_CONNECTIONS) return least;
    const made = new Connection(origin, connectionSettings(this.#run));
    list.push(made);
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
        const allSent = connection.pastSent + (connection.socket?.bytesWritten ?? 0);
        const allReceived = connection.pastReceived + (connection.socket?.bytesRead ?? 0);
        sent += allSent - connection.bookedSent;
        received += allReceived - connection.bookedReceived;
        connection.bookedSent = allSent;
        connection.bookedReceived = allReceived;
      }
    }
    return { sent, received };
  }

  /** Gets the VU ready for its next iteration (k6-contract.md 1.1). */
  reset(): void {
    const settings = this.#run.settings;
    if (settings?.noCookiesReset !== true) this.#jar?.empty();
    if (settings?.noVUConnectionReuse === true) this.#closeWhere(() => true);
  }

  /** Drops requests that are under way. */
  abortPending(): void {
    this.#closeWhere((connection) => connection.inFlight > 0);
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
          this.#lostSent += connection.pastSent + (connection.socket?.bytesWritten ?? 0) - connection.bookedSent;
          this.#lostReceived +=
            connection.pastReceived + (connection.socket?.bytesRead ?? 0) - connection.bookedReceived;
          connection.destroy();
        }
      }
      if (kept.length === 0) this.#connections.delete(origin);
      else this.#connections.set(origin, kept);
    }
  }
}
