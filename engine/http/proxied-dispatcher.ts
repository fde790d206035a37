import { Agent, ProxyAgent } from 'undici';
import type { Dispatcher, buildConnector } from 'undici';
import type { ProxyChoice } from './proxy.ts';

/** What requests to one URL go through: one connection, by the proxy that is chosen for it, if any. */
export function dispatcherTo(
  url: string,
  proxyOf: ProxyChoice | undefined,
  tls: buildConnector.BuildOptions = {},
): Dispatcher {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  const proxy = proxyOf?.(secure, hostname.replace(/^\[|\]$/g, ''), port === '' ? (secure ? 443 : 80) : Number(port));
  if (proxy === undefined) return new Agent({ connect: tls, connections: 1 });
  const { host, authorization } = proxy;
  const uri = `http://${host.includes(':') ? `[${host}]` : host}:${proxy.port}`;
  return new ProxyAgent({
    uri,
    requestTls: tls,
    // Plain requests are sent to the proxy directly: tunnels to ports other than 443 are often refused.
    proxyTunnel: secure,
    ...(authorization === undefined ? {} : { token: authorization }),
  });
}
