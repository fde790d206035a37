import { ConfigurationError } from '../contract/configuration-error.ts';
import { maskUrl, originOf } from '../contract/shown-text.ts';
import { PHONE_BASE_PATH } from '../simulator/wire/phone-api.ts';
import type { Settings } from './settings.ts';

/** Where requests go: base URLs without a trailing slash. */
export interface Target {
  readonly pf: string;
  /** The device side: phone API or bridge; `''` if the driver makes no requests. */
  readonly device: string;
}

/**
 * All that a base URL may contain: scheme, host (name, IPv4, or IPv6 in brackets), port, path. No user information,
 * query, fragment or backslash, so that no two parsers see different hosts in it.
 */
const BASE_URL = /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

/** Host of a base URL in lower case, or `undefined` if BASE_URL does not match. */
export function hostOf(baseUrl: string): string | undefined {
  return BASE_URL.exec(baseUrl)?.[1]?.toLowerCase();
}

/** 0 to 255 without leading zeros, which some parsers read as octal and others as a host name. */
const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4_LOOPBACK = new RegExp(`^127\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

/** Whether a host is `localhost`, in 127.0.0.0/8, or [::1], in plain notation. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || IPV4_LOOPBACK.test(host);
}

/**
 * The guard: load may only go to loopback, or to a host in ALLOW_HOSTS. It is in the bundle, so it works on both hosts.
 * Throws a ConfigurationError.
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

/** A refused URL with possible secrets masked; a hook's (FAULT_…) path may be one. */
function shown(name: string, url: string): string {
  const withoutUserInfo = url.replace(/\/\/[^/]*@/, '//…@');
  return name.startsWith('FAULT_') ? originOf(withoutUserInfo) : maskUrl(withoutUserInfo);
}

/** The target of a run, checked by the guard. */
export function targetOf(settings: Settings): Target {
  const { driver, phoneUrl, bridgeUrl, allowHosts } = settings;
  const pf = guarded('PF_BASE_URL', settings.baseUrl, allowHosts);
  // A fault in the wrong place does as much harm as load.
  if (settings.faultStartUrl !== '') guarded('FAULT_START_URL', settings.faultStartUrl, allowHosts);
  if (settings.faultEndUrl !== '') guarded('FAULT_END_URL', settings.faultEndUrl, allowHosts);
  if (driver === 'bridge') return { pf, device: guarded('BRIDGE_URL', bridgeUrl, allowHosts) };
  if (driver !== 'simulated') return { pf, device: '' };
  return { pf, device: guarded('PHONE_URL', phoneUrl === '' ? pf + PHONE_BASE_PATH : phoneUrl, allowHosts) };
}

/**
 * The guard's second check, on the options: `hosts` redirects connections, so the address for a host of the target must
 * be loopback or allowed too. `baseUrls`: all requested ones, `''` for none; `hosts`: the option as both hosts show it.
 * Throws a ConfigurationError.
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

function withoutPort(text: string): string {
  const bracketed = /^\[(.*)\](:\d+)?$/.exec(text);
  if (bracketed !== null) return bracketed[1]!;
  return text.indexOf(':') === text.lastIndexOf(':') ? text.replace(/:\d+$/, '') : text;
}

/**
 * The guard's third check, at the first answer: the remote address reveals a loopback name that resolves elsewhere
 * (hosts file, resolver). `address`: `''` if the host does not tell. Throws a ConfigurationError.
 */
export function checkAddress(name: string, baseUrl: string, address: string): void {
  const host = hostOf(baseUrl) ?? '';
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  if (address === '' || !isLoopback(host) || isLoopback(plain) || plain === '::1') return;
  throw new ConfigurationError(
    `${name} points to ${host}, but ${plain} answered, which is not loopback; name the real host, and set ALLOW_HOSTS`,
  );
}
