import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { ADMIN_ERRORS } from './wire/admin-api.ts';
import type { AdminError } from './wire/admin-api.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { Deployment } from './deployment.ts';

/** Wildcard listen addresses. */
const ALL = new Set(['0.0.0.0', '::', '0:0:0:0:0:0:0:0']);
/** `Sec-Fetch-Site` of requests not made by another origin's page (Fetch Metadata, W3C; `none`: typed by a person). */
const OWN_SITES = new Set(['same-origin', 'none']);

/**
 * Protects the unauthenticated phone and admin APIs from web pages open on this machine: a page of another origin can
 * send a POST blindly, and with DNS rebinding (a host name that resolves to this machine) also read the response.
 * Requests without browser headers (curl, the harness) pass: undefined.
 */
export function refusalOfForeign(deployment: Deployment, { headers }: Call): Answer | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !OWN_SITES.has(site)) return refuse('FOREIGN_PAGE');
  const { host, origin } = headers;
  if (host !== undefined && !isOurs(deployment, nameOf(host))) return refuse('FOREIGN_HOST');
  if (origin !== undefined && !isOwnOrigin(deployment, origin, host)) return refuse('FOREIGN_PAGE');
  return undefined;
}

/** Our own origins: that of the request's address, and that of `baseUrl`. */
function isOwnOrigin({ settings, baseUrl }: Deployment, origin: string, host = ''): boolean {
  const own = originOf(`${settings.tls ? 'https' : 'http'}://${host}`);
  const given = originOf(origin);
  return given !== undefined && (given === own || given === originOf(baseUrl));
}

/** Accepted host names: loopback, the simulator's `host`, the host of its `baseUrl`. */
function isOurs({ settings, baseUrl }: Deployment, name: string): boolean {
  if (isLoopback(name)) return true;
  const known = [nameOf(settings.host), URL.canParse(baseUrl) ? nameOf(new URL(baseUrl).host) : ''];
  if (name !== '' && known.includes(name)) return true;
  // With a wildcard address any IP address is accepted: only names can be rebound.
  return ALL.has(settings.host) && (isIP(name) !== 0 || name === hostname().toLowerCase());
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** The host in a Host header, without port, brackets and trailing dot; empty if invalid. */
function nameOf(host: string): string {
  const bare = isIP(host) === 6 ? `[${host}]` : host;
  const url = `http://${bare}`;
  if (/[/?#@\\]/.test(bare) || !URL.canParse(url)) return '';
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin } = new URL(text);
  return origin === 'null' ? undefined : origin;
}

function refuse(code: 'FOREIGN_PAGE' | 'FOREIGN_HOST'): Answer {
  const { httpStatus, message } = ADMIN_ERRORS[code];
  return { httpStatus, body: { code, message } satisfies AdminError, code };
}
