import { PROXY_VARIABLE } from '../contract/command.ts';
import { proxyChoice } from '../engine/http/proxy.ts';
import type { ProxyEnvironment } from '../engine/http/proxy.ts';

/** Proxy variables; a lower-case name counts if the upper-case one is not set. */
export function proxiesOf(environment: Readonly<Record<string, string | undefined>>): ProxyEnvironment {
  const read = (name: string): string => environment[name] ?? environment[name.toLowerCase()] ?? '';
  return { http: read('HTTP_PROXY'), https: read('HTTPS_PROXY'), no: read('NO_PROXY') };
}

/**
 * The proxy used for a URL, as `http://host:port of NAME`, without credentials; undefined without a proxy or for an
 * invalid URL. Throws a ConfigurationError for a proxy that cannot be used.
 */
function proxyTo(url: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined) return undefined;
  const secure = target.protocol === 'https:';
  const port = target.port === '' ? (secure ? 443 : 80) : Number(target.port);
  const proxy = proxyChoice(proxiesOf(environment))?.(secure, target.hostname.replace(/^\[|\]$/g, ''), port);
  if (proxy === undefined) return undefined;
  const upper = secure ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const name = environment[upper] === undefined ? upper.toLowerCase() : upper;
  const host = proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host;
  return `http://${host}:${proxy.port} of ${name}`;
}

/** Passes the target's proxy to one of our bundles, which cannot see it from inside. */
export function tellProxy(env: Record<string, string>, target: string | undefined): string | undefined {
  Reflect.deleteProperty(env, PROXY_VARIABLE);
  const proxy = target === undefined ? undefined : proxyTo(target, process.env);
  if (proxy !== undefined) env[PROXY_VARIABLE] = proxy;
  return proxy;
}
