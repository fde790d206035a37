import { performance } from 'node:perf_hooks';
import { BodiesUnderWay, MAX_BODY_MEMORY } from './bodies-under-way.ts';
import { certificateFor, secureContexts } from './client-certificates.ts';
import { Connection } from './connection.ts';
import type { ConnectionSettings } from './connection.ts';
import { nameLookup } from './name-lookup.ts';
import type { HttpHost } from './ports.ts';
import { SharedConnections } from './shared-connections.ts';

/** What the sessions of a host share. Created when first needed, because options are read after the client exists. */
export class HttpClient {
  readonly host: HttpHost;
  #settings: ConnectionSettings | undefined;
  #shared: SharedConnections | undefined;
  #bodies: BodiesUnderWay | undefined;
  /** Earliest time of the next request, by `performance.now()`. */
  #nextAt = 0;

  constructor(host: HttpHost) {
    this.host = host;
  }

  connect(origin: string): Connection {
    return new Connection(origin, (this.#settings ??= this.#connectionSettings()));
  }

  /** The connections that sessions in this thread share; undefined if each has its own. */
  get shared(): SharedConnections | undefined {
    const { sharedConnections, threads } = this.host;
    if (sharedConnections === undefined) return undefined;
    const most = Math.max(1, Math.floor(sharedConnections / threads));
    return (this.#shared ??= new SharedConnections(most, (origin) => this.connect(origin)));
  }

  /** Memory of the answers that this thread is receiving. */
  get bodies(): BodiesUnderWay {
    const { counts, maxBodyMemory = MAX_BODY_MEMORY, threads } = this.host;
    return (this.#bodies ??= new BodiesUnderWay(counts, maxBodyMemory, threads));
  }

  /**
   * Milliseconds that a request must wait so that at most `options.rps` requests per second are sent, evenly spaced
   * over the process (each thread has an equal share). The call reserves the slot. 0 without a limit.
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

  /** Closes the shared connections; nothing is in flight when a run ends. */
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
