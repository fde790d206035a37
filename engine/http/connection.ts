import net from 'node:net';
import { RequestError, proxyError } from './failure.ts';
import { covers, overrideFor } from './hosts.ts';
import type { HostOverride, HostPattern } from './hosts.ts';
import { isBlocked } from './name-lookup.ts';
import { openTunnel } from './proxy.ts';
import type { HttpProxy, ProxyChoice } from './proxy.ts';
import { dial } from './request-socket.ts';
import { performance } from 'node:perf_hooks';
import { WireClient } from './wire-client.ts';
import type { WireRequest } from './request-text.ts';
import type { AnswerHandler, Ready } from './wire-client.ts';
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

/** Bytes: longer than any TLS alert, shorter than any certificate. */
const LONGEST_ALERT = 100;
/** Codes of an alert of OpenSSL 3.0 (`SSLV3_ALERT_…`) and 3.5 (`SSL/TLS_ALERT_…`). */
const HANDSHAKE_FAILURE = /^ERR_SSL_\S+_ALERT_HANDSHAKE_FAILURE$/;

/** URLs of origins, one for all connections. */
const urls = new Map<string, URL>();

function urlOf(origin: string): URL {
  let url = urls.get(origin);
  if (url === undefined) {
    url = new URL(origin);
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
  /** What requests are written to: the socket, or TLS over it. */
  #stream: net.Socket | undefined;
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
  readonly #client: WireClient;
  readonly #url: URL;
  readonly #proxy: HttpProxy | undefined;
  /** Whether a proxy sees the requests, which then carry the whole URL (RFC 9112, 3.2.2). */
  readonly proxied: boolean;
  readonly #settings: ConnectionSettings;

  constructor(origin: string, settings: ConnectionSettings) {
    this.#settings = settings;
    const url = urlOf(origin);
    this.#url = url;
    const { hostname, port, protocol } = url;
    const secure = protocol === 'https:';
    this.#proxy = settings.proxyOf?.(secure, withoutBrackets(hostname), Number(port) || (secure ? 443 : 80));
    this.proxied = this.#proxy !== undefined && !secure;
    this.#client = new WireClient(url.host, (ready) => this.#dial(ready));
  }

  /** Sends a request; the caller must call `released` at its end. */
  dispatch(request: WireRequest, handler: AnswerHandler): void {
    this.inFlight++;
    this.#send(request, handler);
  }

  /** Resends a request on a new socket, after the one it was written to turned out dead. */
  replace(request: WireRequest, handler: AnswerHandler): void {
    this.#settings.replaced();
    this.#send(request, handler);
  }

  #send(request: WireRequest, handler: AnswerHandler): void {
    this.#client.dispatch(this.proxied ? this.#withWholeUrl(request) : request, handler);
  }

  /** To be called before a request is written; returns whether this socket has served another request. */
  writing(): boolean {
    return this.#ended > 0;
  }

  /** Bytes received on the current socket, without TLS. */
  get bytesRead(): number {
    return this.#stream?.bytesRead ?? 0;
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
    this.#client.destroy();
    this.socket?.destroy();
  }

  #withWholeUrl(request: WireRequest): WireRequest {
    const authorization = this.#proxy?.authorization;
    return {
      ...request,
      path: `${request.origin}${request.path}`,
      headers: [...request.headers, ...(authorization === undefined ? [] : ['Proxy-Authorization', authorization])],
    };
  }

  #dial(callback: Ready): void {
    const settings = this.#settings;
    this.#ended = 0;
    if (this.socket !== undefined) {
      this.#pastSent += this.socket.bytesWritten;
      this.#pastReceived += this.socket.bytesRead;
    }
    const host = withoutBrackets(this.#url.hostname);
    const secure = this.#url.protocol === 'https:';
    const port = Number(this.#url.port) || (secure ? 443 : 80);
    this.dialledAt = performance.now();
    const failed = (error: Error): void => callback(error);
    if (settings.blockedHosts.some((pattern) => covers(pattern, host))) {
      failed(new RequestError('PAIRSTORM_BLOCKED_HOST'));
      return;
    }
    if (this.#proxy !== undefined && secure) {
      const target = `${this.#url.hostname}:${port}`;
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
  #connected(tcp: net.Socket, secure: boolean, host: string, failed: (error: Error) => void, callback: Ready): void {
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

  #ready(stream: net.Socket, callback: Ready): void {
    this.#stream = stream;
    callback(undefined, stream);
  }
}

function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
