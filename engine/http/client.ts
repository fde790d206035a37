import { performance } from 'node:perf_hooks';
import { BodiesUnderWay, MAX_BODY_MEMORY } from './bodies-under-way.ts';
import { certificateFor, secureContexts } from './client-certificates.ts';
import { Connection } from './connection.ts';
import type { ConnectionSettings } from './connection.ts';
import { nameLookup } from './name-lookup.ts';
import type { HttpHost } from './ports.ts';
import { SharedConnections } from './shared-connections.ts';

/** What all sessions of a host have in common, made when it is first needed: the options are read later than the client is made. */
export class HttpClient {
  readonly host: HttpHost;
  #settings: ConnectionSettings | undefined;
  #shared: SharedConnections | undefined;
  #bodies: BodiesUnderWay | undefined;
  /** When the next request may go, by `performance.now()`. */
  #nextAt = 0;

  constructor(host: HttpHost) {
    this.host = host;
  }

  /** A new connection to an origin. */
  connect(origin: string): Connection {
    return new Connection(origin, (this.#settings ??= this.#connectionSettings()));
  }

  /** The connections that sessions share in this thread; undefined where each has its own. */
  get shared(): SharedConnections | undefined {
    const { sharedConnections, threads } = this.host;
    if (sharedConnections === undefined) return undefined;
    const most = Math.max(1, Math.floor(sharedConnections / threads));
    return (this.#shared ??= new SharedConnections(most, (origin) => this.connect(origin)));
  }

  /** The answers that this thread is receiving. */
  get bodies(): BodiesUnderWay {
    const { counts, maxBodyMemory = MAX_BODY_MEMORY, threads } = this.host;
    return (this.#bodies ??= new BodiesUnderWay(counts, maxBodyMemory, threads));
  }

  /**
   * Milliseconds that a request has to wait so that at most `options.rps` requests a second are sent, evenly spaced over all
   * callers of the process (each of its threads has an equal share of the limit); the place in the line is taken by asking. 0
   * without a limit.
   */
  waitForRate(): number {
    const { settings, threads } = this.host;
    const rps = (settings?.rps ?? 0) / threads;
    if (rps === 0) return 0;
    const now = performance.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + 1_000 / rps;
    return at - now;
  }

  /** Closes what sessions share; nothing is under way when a run ends. */
  close(): void {
    this.#shared?.close();
  }

  #connectionSettings(): ConnectionSettings {
    const { settings, proxyOf, counts } = this.host;
    const generatorSeries: HttpHost['generatorSeries'] = (name, tags) => this.host.generatorSeries(name, tags);
    const { insecureSkipTLSVerify, tlsAuth, tlsVersion, hosts, dns, blacklistIPs, blockHostnames } = settings!;
    return {
      secureContextOf: secureContexts(tlsAuth, tlsVersion),
      showsCertificate: (host) => certificateFor(tlsAuth, host) !== undefined,
      verifyTls: !insecureSkipTLSVerify,
      hosts,
      blockedAddresses: blacklistIPs,
      blockedHosts: blockHostnames,
      proxyOf,
      lookup: nameLookup(dns, blacklistIPs),
      opened: (address, host) => {
        counts.add('connections', 1);
        if (host !== undefined) generatorSeries('connections_opened', { host, address }).add(1);
      },
      closed: () => counts.add('connections', -1),
      replaced: () => generatorSeries('connections_replaced', {}).add(1),
    };
  }
}
