import { ConfigurationError } from '../contract/configuration-error.ts';
import { PHONE_BASE_PATH } from '../contract/phone-api.ts';
import type { Settings } from './settings.ts';

/** Where requests go: base URLs without a slash at the end. */
export interface Target {
  readonly pf: string;
  readonly phone: string;
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

/** True for `localhost`, 127.0.0.0/8 and [::1], written plainly. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '[::1]' ||
    /^127\.(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)$/.test(host)
  );
}

/**
 * The guard: load goes to loopback, or to a host that ALLOW_HOSTS names. It is in the bundle, so it holds on both
 * hosts. Throws a ConfigurationError.
 */
function guarded(name: string, baseUrl: string, allowHosts: readonly string[]): string {
  const host = hostOf(baseUrl);
  if (host === undefined) {
    throw new ConfigurationError(
      `${name} is "${baseUrl.replace(/\/\/[^/]*@/, '//…@')}"; write scheme, host, port and path only, like https://sso.example.com:9031`,
    );
  }
  if (!isLoopback(host) && !allowHosts.includes(host)) {
    throw new ConfigurationError(
      `${name} points to ${host}, which is not loopback; to put it under load, set ALLOW_HOSTS=${host}`,
    );
  }
  return baseUrl;
}

/** The target of a run, checked by the guard. */
export function targetOf(settings: Settings): Target {
  const pf = guarded('PF_BASE_URL', settings.baseUrl, settings.allowHosts);
  const phone = settings.phoneUrl === '' ? pf + PHONE_BASE_PATH : settings.phoneUrl;
  return { pf, phone: guarded('PHONE_URL', phone, settings.allowHosts) };
}
