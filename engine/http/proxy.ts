import http from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { RequestError, proxyError } from './failure.ts';

/** Proxies by HTTP_PROXY, HTTPS_PROXY and NO_PROXY (also in lower case), with Go's rules. */
export interface ProxyEnvironment {
  readonly http: string;
  readonly https: string;
  readonly no: string;
}

/** A proxy to connect through. */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** Value of the header `Proxy-Authorization`, if the proxy's URL has credentials. */
  readonly authorization: string | undefined;
}

/** Chooses the proxy of a request; `undefined`: direct connection. */
export type ProxyChoice = (secure: boolean, host: string, port: number) => HttpProxy | undefined;

/**
 * Reads an environment's proxies (rules: pkg.go.dev/golang.org/x/net/http/httpproxy). Loopback never goes through a
 * proxy. `undefined` if there is none. Throws a ConfigurationError for a proxy that is not plain HTTP.
 */
export function proxyChoice({ http: plain, https, no }: ProxyEnvironment): ProxyChoice | undefined {
  const proxies = { plain: readProxy(plain, 'HTTP_PROXY'), secure: readProxy(https, 'HTTPS_PROXY') };
  if (proxies.plain === undefined && proxies.secure === undefined) return undefined;
  const excluded = exclusions(no);
  return (secure, host, port) => {
    const proxy = secure ? proxies.secure : proxies.plain;
    return proxy === undefined || excluded(host.toLowerCase(), port) ? undefined : proxy;
  };
}

function readProxy(text: string, name: string): HttpProxy | undefined {
  if (text === '') return undefined;
  const written = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  // The message does not repeat the value: it may contain a password.
  if (url?.protocol !== 'http:') {
    throw new ConfigurationError(`${name} is not a supported proxy; write http://HOST:PORT, or unset it`);
  }
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 80 : Number(url.port),
    authorization: credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** NO_PROXY as in Go, which no library has (bench/RESULTS.md): `*`, names with subdomains, addresses, CIDR, ports. */
function exclusions(no: string): (host: string, port: number) => boolean {
  const addresses = new BlockList();
  const names: { readonly name: string; readonly port: number | undefined }[] = [];
  for (const entry of no.split(',').map((item) => item.trim().toLowerCase())) {
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    const kind = version === 6 ? 'ipv6' : 'ipv4';
    if (version !== 0 && prefix === undefined) addresses.addAddress(address, kind);
    else if (version !== 0 && /^\d+$/.test(prefix!)) addresses.addSubnet(address, Number(prefix), kind);
    else if (entry !== '') {
      const [, name = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      names.push({ name, port: port === undefined ? undefined : Number(port) });
    }
  }
  return (host, port) => {
    const version = isIP(host);
    const kind = version === 6 ? 'ipv6' : 'ipv4';
    if (host === 'localhost' || (version !== 0 && LOOPBACK.check(host, kind))) return true;
    if (version !== 0 && addresses.check(host, kind)) return true;
    return names.some(
      (entry) =>
        (entry.port === undefined || entry.port === port) &&
        (entry.name === '' || host === entry.name || host.endsWith(`.${entry.name}`)),
    );
  };
}

/**
 * Requests a tunnel from a proxy (RFC 9110, 9.3.6). `onSocket` gets the connection to the proxy as soon as it exists,
 * `done` when the tunnel is open.
 */
export function openTunnel(
  proxy: HttpProxy,
  lookup: LookupFunction,
  target: string,
  onSocket: (socket: Socket) => void,
  done: (error: Error | null, socket?: Socket) => void,
): void {
  const request = http.request({
    host: proxy.host,
    port: proxy.port,
    lookup,
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: {
      host: target,
      ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
    },
  });
  request.once('socket', onSocket);
  request.once('error', (error) => done(proxyError(error)));
  request.once('response', ({ statusCode }) => {
    request.destroy();
    done(refusal(statusCode));
  });
  request.once('connect', ({ statusCode }, socket: Socket) => {
    if (statusCode !== undefined && statusCode >= 200 && statusCode < 300) done(null, socket);
    else {
      socket.destroy();
      done(refusal(statusCode));
    }
  });
  request.end();
}

/** 502 to 504: the target did not answer the proxy (RFC 9110, 15.6.3 to 15.6.5); other statuses are the proxy's own. */
function refusal(statusCode = 0): RequestError {
  if (statusCode === 407) return new RequestError('PAIRSTORM_PROXY_PASSWORD');
  if (statusCode >= 502 && statusCode <= 504) return new RequestError('PAIRSTORM_BEHIND_PROXY');
  return new RequestError('PAIRSTORM_PROXY_REFUSED', `HTTP ${statusCode}`);
}
