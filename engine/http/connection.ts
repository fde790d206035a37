import net from 'node:net';
import { AnswerBytes } from './answer-bytes.ts';
import { RequestError, proxyError } from './failure.ts';
import { covers, overrideFor } from './hosts.ts';
import type { HostOverride, HostPattern } from './hosts.ts';
import { isBlocked } from './name-lookup.ts';
import { openTunnel } from './proxy.ts';
import type { HttpProxy, ProxyChoice } from './proxy.ts';
import { dial } from './request-socket.ts';
import type { WireHeaders } from './wire-headers.ts';
import { performance } from 'node:perf_hooks';
import type { Dispatcher, buildConnector } from 'undici';
import { Client } from './undici-client.ts';
import tls from 'node:tls';

/** How connections are established. */
export interface ConnectionSettings {
  readonly secureContextOf: (host: string) => tls.SecureContext;
  /** Whether the host gets a client certificate. */
  readonly showsCertificate: (host: string) => boolean;
  readonly verifyTls: boolean;
  readonly hosts: readonly HostOverride[];
  readonly blockedAddresses: net.BlockList | undefined;
  readonly blockedHosts: readonly HostPattern[];
  readonly proxyOf: ProxyChoice | undefined;
  /** Resolves a name. */
  readonly lookup: net.LookupFunction;
  /** Called when a connection is established and when it is closed. `name`: the name that was looked up, if any. */
  readonly opened: (address: string, name: string | undefined) => void;
  readonly closed: () => void;
  /** Called when a request is resent because its connection had been closed. */
  readonly replaced: () => void;
}

/** Maximum size of a response body in bytes. */
const MAX_BODY = 64 * 1024 * 1024;
/** Bytes: longer than any TLS alert, shorter than any certificate. */
const LONGEST_ALERT = 100;
/** Codes of an alert of OpenSSL 3.0 (`SSLV3_ALERT_…`) and 3.5 (`SSL/TLS_ALERT_…`). */
const HANDSHAKE_FAILURE = /^ERR_SSL_\S+_ALERT_HANDSHAKE_FAILURE$/;
/** Idle time after which a connection is closed, unless the server asks for less. */
const KEEP_ALIVE_MS = 90_000;

/** URLs of origins, one for all connections: undici asks each for its `origin` at every request, which Node puts together anew. */
const urls = new Map<string, URL>();

function urlOf(origin: string): URL {
  let url = urls.get(origin);
  if (url === undefined) {
    url = Object.defineProperty(new URL(origin), 'origin', { value: origin });
    if (urls.size < 1_000) urls.set(origin, url);
  }
  return url;
}

/** One connection of a VU to an origin, dialled at the first request and again after the server closed it. */
export class Connection {
  /** Requests dispatched and not yet answered. */
  inFlight = 0;
  destroyed = false;
  /** `performance.now()` of the last dial: begun, TCP connected, ready for requests (after TLS). */
  dialledAt = 0;
  connectedAt = 0;
  readyAt = 0;
  remoteIp = '';
  remotePort = 0;
  tlsVersion = '';
  tlsCipher = '';
  socket: net.Socket | undefined;
  /** The stream that undici uses: the socket, or TLS over it. */
  #stream: net.Socket | undefined;
  #answers: AnswerBytes | undefined;
  /** The stream's first error. Node reports a TLS alert before the connection ends; undici keeps the last. */
  fault: Error | undefined;
  /** Requests ended on the current socket. */
  #ended = 0;
  /** Called when the last request in flight has ended. */
  onFree: (() => void) | undefined;
  /** Bytes already returned by `takeTraffic`. */
  #takenSent = 0;
  #takenReceived = 0;
  /** Bytes of previous sockets. */
  #pastSent = 0;
  #pastReceived = 0;
  readonly #client: Client;
  readonly #proxy: HttpProxy | undefined;
  /** Whether a proxy sees the requests, which then carry the whole URL (RFC 9112, 3.2.2). */
  readonly proxied: boolean;
  readonly #settings: ConnectionSettings;

  constructor(origin: string, settings: ConnectionSettings) {
    this.#settings = settings;
    const url = urlOf(origin);
    const { hostname, port, protocol } = url;
    const secure = protocol === 'https:';
    this.#proxy = settings.proxyOf?.(secure, withoutBrackets(hostname), Number(port) || (secure ? 443 : 80));
    this.proxied = this.#proxy !== undefined && !secure;
    this.#client = new Client(url, {
      connect: (options, callback) => this.#dial(options, callback),
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveTimeoutThreshold: 1_000,
      // A request has a single deadline of its own (exchange.ts).
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MAX_BODY,
    });
  }

  /** Sends a request; the caller must call `released` at its end. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.inFlight++;
    this.#send(options, handler);
  }

  /** Resends a request on a new socket, after the one it was written to turned out dead. */
  replace(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#settings.replaced();
    this.#send(options, handler);
  }

  #send(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(this.proxied ? this.#withWholeUrl(options) : options, handler);
  }

  /** To be called before a request is written; returns whether this socket has served another request. */
  writing(): boolean {
    this.#answers?.expect();
    return this.#ended > 0;
  }

  /** To be called when the head of an answer was parsed. */
  headRead(): void {
    this.#answers?.reveal();
  }

  /** Bytes received on the current socket, without TLS. */
  get bytesRead(): number {
    return this.#stream?.bytesRead ?? 0;
  }

  /** Whether the server has closed its side. */
  get endedByServer(): boolean {
    return this.#stream?.readableEnded === true;
  }

  /** To be called when a request has ended. */
  released(): void {
    this.inFlight--;
    this.#ended++;
    if (this.inFlight === 0) this.onFree?.();
  }

  /** Bytes sent and received since the last call. */
  takeTraffic(): { readonly sent: number; readonly received: number } {
    const allSent = this.#pastSent + (this.socket?.bytesWritten ?? 0);
    const allReceived = this.#pastReceived + (this.socket?.bytesRead ?? 0);
    const sent = allSent - this.#takenSent;
    const received = allReceived - this.#takenReceived;
    this.#takenSent = allSent;
    this.#takenReceived = allReceived;
    return { sent, received };
  }

  /** Closes the connection; its requests fail. */
  destroy(): void {
    this.destroyed = true;
    void this.#client.destroy().catch(() => undefined);
    this.socket?.destroy();
  }

  #withWholeUrl(options: Dispatcher.DispatchOptions): Dispatcher.DispatchOptions {
    const authorization = this.#proxy?.authorization;
    return {
      ...options,
      path: `${String(options.origin)}${options.path}`,
      headers: [
        ...(options.headers as WireHeaders),
        ...(authorization === undefined ? [] : ['Proxy-Authorization', authorization]),
      ],
    };
  }

  #dial(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const settings = this.#settings;
    this.#ended = 0;
    if (this.socket !== undefined) {
      this.#pastSent += this.socket.bytesWritten;
      this.#pastReceived += this.socket.bytesRead;
    }
    const host = withoutBrackets(options.hostname);
    const secure = options.protocol === 'https:';
    const port = Number(options.port) || (secure ? 443 : 80);
    this.dialledAt = performance.now();
    const failed = (error: Error): void => callback(error, null);
    if (settings.blockedHosts.some((pattern) => covers(pattern, host))) {
      failed(new RequestError('PAIRSTORM_BLOCKED_HOST'));
      return;
    }
    if (this.#proxy !== undefined && secure) {
      const target = `${options.hostname}:${port}`;
      const seen = (socket: net.Socket): void => {
        this.socket = socket;
      };
      openTunnel(this.#proxy, settings.lookup, target, seen, (error, tcp) => {
        if (tcp === undefined) failed(error!);
        else {
          tcp.once('error', failed);
          this.#connected(tcp, secure, host, failed, callback);
        }
      });
      return;
    }
    const override = this.#proxy === undefined ? overrideFor(settings.hosts, host, port) : undefined;
    const to = {
      host: this.#proxy?.host ?? override?.address ?? host,
      port: this.#proxy?.port ?? override?.toPort ?? port,
    };
    const { blockedAddresses } = settings;
    if (blockedAddresses !== undefined && isBlocked(blockedAddresses, to.host)) {
      failed(new RequestError('PAIRSTORM_BLOCKED_ADDRESS'));
      return;
    }
    const tcp = dial({ ...to, lookup: settings.lookup }, secure);
    this.socket = tcp;
    // The look-up does not count as connecting.
    tcp.once('lookup', () => (this.dialledAt = performance.now()));
    const notDialled = this.#proxy === undefined ? failed : (error: Error): void => failed(proxyError(error));
    tcp.once('error', notDialled);
    tcp.once('connect', () => this.#connected(tcp, secure, host, notDialled, callback));
  }

  /** TCP is connected; with https the handshake follows. */
  #connected(
    tcp: net.Socket,
    secure: boolean,
    host: string,
    failed: (error: Error) => void,
    callback: buildConnector.Callback,
  ): void {
    const settings = this.#settings;
    this.connectedAt = performance.now();
    const dialled = this.#proxy?.host ?? host;
    settings.opened(tcp.remoteAddress ?? '', net.isIP(dialled) === 0 ? dialled : undefined);
    tcp.once('close', settings.closed);
    this.remoteIp = tcp.remoteAddress ?? '';
    this.remotePort = tcp.remotePort ?? 0;
    if (!secure) {
      this.readyAt = this.connectedAt;
      tcp.off('error', failed);
      this.#ready(tcp, callback);
      return;
    }
    const encrypted = tls.connect({
      socket: tcp,
      servername: net.isIP(host) === 0 ? host : '',
      rejectUnauthorized: settings.verifyTls,
      ALPNProtocols: ['http/1.1'],
      secureContext: settings.secureContextOf(host),
    });
    const refused = (error: NodeJS.ErrnoException): void => {
      // Before TLS 1.3 no alert says so; having received the server's certificate rules out other causes.
      const afterItsOwn = HANDSHAKE_FAILURE.test(error.code ?? '') && tcp.bytesRead > LONGEST_ALERT;
      const asked = settings.showsCertificate(host)
        ? 'PAIRSTORM_CLIENT_CERTIFICATE'
        : 'PAIRSTORM_NO_CLIENT_CERTIFICATE';
      failed(afterItsOwn ? new RequestError(asked) : error);
    };
    encrypted.once('error', refused);
    encrypted.once('secureConnect', () => {
      this.readyAt = performance.now();
      this.tlsVersion = (encrypted.getProtocol() ?? '').toLowerCase().replace('tlsv', 'tls');
      this.tlsCipher = encrypted.getCipher().standardName;
      encrypted.off('error', refused);
      this.#ready(encrypted, callback);
    });
  }

  #ready(stream: net.Socket, callback: buildConnector.Callback): void {
    this.#stream = stream;
    this.fault = undefined;
    stream.once('error', (error) => (this.fault = error));
    this.#answers = new AnswerBytes(stream);
    callback(null, stream);
  }
}

function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
