import type { ProxyEnvironment } from '../engine/http/proxy.ts';

/** The proxies of an environment; a lower-case name counts where the upper-case one is not set. */
export function proxiesOf(environment: Readonly<Record<string, string | undefined>>): ProxyEnvironment {
  const read = (name: string): string => environment[name] ?? environment[name.toLowerCase()] ?? '';
  return { http: read('HTTP_PROXY'), https: read('HTTPS_PROXY'), no: read('NO_PROXY') };
}
