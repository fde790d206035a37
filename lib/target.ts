import { ConfigurationError } from '../contract/configuration-error.ts';
import { maskUrl, originOf } from '../contract/shown-text.ts';
import { PHONE_BASE_PATH } from '../simulator/wire/phone-api.ts';
import type { Settings } from './settings.ts';

/** Where requests go: base URLs without a slash at the end. */
export interface Target {
  readonly pf: string;
  /** The device side: the phone API or the bridge; `''` where the driver makes no requests. */
  readonly device: string;
}

/**
 * scheme, host (name, IPv4, or IPv6 in brackets), port, path: the whole of what a base URL may hold. No user information, no
 * query, no fragment and no backslash, so that no two readers can see different hosts in it.
 */
const BASE_URL = /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

/** Host of a base URL in lower case, or `undefined` if the URL is not a plain one. */
export function hostOf(baseUrl: string): string | undefined {
  return BASE_URL.exec(baseUrl)?.[1]?.toLowerCase();
}

/** 0 to 255 without leading zeros: some readers take those for octal, others for a name to look up. */
const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4_LOOPBACK = new RegExp(`^127\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

/** True for `localhost`, 127.0.0.0/8 and [::1], written plainly. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || IPV4_LOOPBACK.test(host);
}

/**
 * The guard: load goes to loopback, or to a host that ALLOW_HOSTS names. It is in the bundle, so it holds on both
 * hosts. Throws a ConfigurationError.
 */
function guarded(name: string, baseUrl: string, allowHosts: readonly string[]): string {
  const host = hostOf(baseUrl);
  if (host === undefined) {
    throw new ConfigurationError(
      `${name} is "${shown(name, baseUrl)}"; write scheme, host, port and path only, such as https://sso.example.com:9031`,
    );
  }
  if (!isLoopback(host) && !allowHosts.includes(host)) {
    throw new ConfigurationError(
      `${name} points to ${host}, which is not loopback; to put it under load, set ALLOW_HOSTS=${host}${host.startsWith('[') ? '; loopback is written [::1]' : ''}`,
    );
  }
  return baseUrl;
}

/** A URL that is refused, without what may be a secret in it; of a hook (FAULT_…) that is also the path. */
function shown(name: string, url: string): string {
  const withoutUserInfo = url.replace(/\/\/[^/]*@/, '//…@');
  return name.startsWith('FAULT_') ? originOf(withoutUserInfo) : maskUrl(withoutUserInfo);
}

/** The target of a run, checked by the guard. */
export function targetOf(settings: Settings): Target {
  const { driver, phoneUrl, bridgeUrl, allowHosts } = settings;
  const pf = guarded('PF_BASE_URL', settings.baseUrl, allowHosts);
  // What makes a fault in the wrong place does as much harm as load.
  if (settings.faultStartUrl !== '') guarded('FAULT_START_URL', settings.faultStartUrl, allowHosts);
  if (settings.faultEndUrl !== '') guarded('FAULT_END_URL', settings.faultEndUrl, allowHosts);
  if (driver === 'bridge') return { pf, device: guarded('BRIDGE_URL', bridgeUrl, allowHosts) };
  if (driver !== 'simulated') return { pf, device: '' };
  return { pf, device: guarded('PHONE_URL', phoneUrl === '' ? pf + PHONE_BASE_PATH : phoneUrl, allowHosts) };
}

/**
 * The guard's second look, once the options are known: `hosts` sends connections elsewhere, so what a host of the target is
 * sent to must be loopback or named too. `baseUrls`: all that is requested, `''` for none; `hosts`: the option as both hosts
 * show it. Throws a ConfigurationError.
 */
export function checkHosts(baseUrls: readonly string[], hosts: unknown, allowHosts: readonly string[]): void {
  if (typeof hosts !== 'object' || hosts === null) return;
  for (const baseUrl of baseUrls) {
    const host = hostOf(baseUrl)?.replace(/^\[|\]$/g, '');
    if (host === undefined) continue;
    for (const [pattern, to] of Object.entries(hosts)) {
      const name = withoutPort(pattern.toLowerCase());
      const covers = name.startsWith('*') ? host.endsWith(name.slice(1)) : host === name;
      if (!covers) continue;
      const address = withoutPort(typeof to === 'string' ? to.toLowerCase() : JSON.stringify(to));
      const named = [address, `[${address}]`];
      if (named.some((way) => isLoopback(way) || allowHosts.includes(way))) continue;
      throw new ConfigurationError(
        `options.hosts sends ${host} to ${address}, which is not loopback; to put it under load, add it to ALLOW_HOSTS`,
      );
    }
  }
}

/** `host:port` or `[address]:port` without port and brackets. */
function withoutPort(text: string): string {
  const bracketed = /^\[(.*)\](:\d+)?$/.exec(text);
  if (bracketed !== null) return bracketed[1]!;
  return text.indexOf(':') === text.lastIndexOf(':') ? text.replace(/:\d+$/, '') : text;
}

/**
 * The guard's third look, at the first answer: a loopback name that leads elsewhere (a hosts file, a resolver) is found
 * by the address that answered. `address`: `''` where the host does not tell. Throws a ConfigurationError.
 */
export function checkAddress(name: string, baseUrl: string, address: string): void {
  const host = hostOf(baseUrl) ?? '';
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  if (address === '' || !isLoopback(host) || isLoopback(plain) || plain === '::1') return;
  throw new ConfigurationError(
    `${name} points to ${host}, but ${plain} answered, which is not loopback; name the real host, and set ALLOW_HOSTS`,
  );
}
