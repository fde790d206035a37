import net from 'node:net';
import { performance } from 'node:perf_hooks';
import tls from 'node:tls';
import { Client } from 'undici';
import type { Dispatcher, buildConnector } from 'undici';

/** How connections of a run are made. */
export interface ConnectionSettings {
  /** One TLS context for all connections of a run: making one costs milliseconds and 50 KiB. */
  readonly secureContext: tls.SecureContext | undefined;
  readonly verifyTls: boolean;
}

/** Largest response body that is kept, in bytes. */
const MAX_BODY = 64 * 1024 * 1024;
/** Idle time after which a connection is closed, unless the server says less. */
const KEEP_ALIVE_MS = 90_000;

/** One connection of one VU to one origin; it is dialled at the first request, and again when the server closed it. */
export class Connection {
  /** Requests handed over and not yet answered. */
  inFlight = 0;
  destroyed = false;
  /** `performance.now()` of the latest dialling: begun, TCP up, ready for requests (TLS done). */
  dialledAt = 0;
  connectedAt = 0;
  readyAt = 0;
  remoteIp = '';
  remotePort = 0;
  tlsVersion = '';
  tlsCipher = '';
  socket: net.Socket | undefined;
  /** Socket byte counts that were booked already. */
  bookedSent = 0;
  bookedReceived = 0;
  /** Bytes of sockets that are gone. */
  pastSent = 0;
  pastReceived = 0;
  readonly #client: Client;

  constructor(origin: string, settings: ConnectionSettings) {
    this.#client = new Client(origin, {
      connect: (options, callback) => this.#dial(options, settings, callback),
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveTimeoutThreshold: 1_000,
      // The whole request has one deadline of its own (exchange.ts).
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MAX_BODY,
    });
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(options, handler);
  }

  /** Closes the connection; requests on it end with an error. */
  destroy(): void {
    this.destroyed = true;
    void this.#client.destroy().catch(() => undefined);
    this.socket?.destroy();
  }

  #dial(options: buildConnector.Options, settings: ConnectionSettings, callback: buildConnector.Callback): void {
    if (this.socket !== undefined) {
      this.pastSent += this.socket.bytesWritten;
      this.pastReceived += this.socket.bytesRead;
    }
    const { hostname, protocol } = options;
    const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    const secure = protocol === 'https:';
    const port = Number(options.port) || (secure ? 443 : 80);
    this.dialledAt = performance.now();
    const tcp = net.connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
    this.socket = tcp;
    const failed = (error: Error): void => callback(error, null);
    tcp.once('error', failed);
    tcp.once('connect', () => {
      this.connectedAt = performance.now();
      this.remoteIp = tcp.remoteAddress ?? '';
      this.remotePort = tcp.remotePort ?? 0;
      if (!secure) {
        this.readyAt = this.connectedAt;
        tcp.off('error', failed);
        callback(null, tcp);
        return;
      }
      const encrypted = tls.connect({
        socket: tcp,
        servername: net.isIP(host) === 0 ? host : '',
        rejectUnauthorized: settings.verifyTls,
        ALPNProtocols: ['http/1.1'],
        ...(settings.secureContext === undefined ? {} : { secureContext: settings.secureContext }),
      });
      encrypted.once('error', failed);
      encrypted.once('secureConnect', () => {
        this.readyAt = performance.now();
        this.tlsVersion = (encrypted.getProtocol() ?? '').toLowerCase().replace('tlsv', 'tls');
        this.tlsCipher = encrypted.getCipher().standardName;
        encrypted.off('error', failed);
        callback(null, encrypted);
      });
    });
  }
}
