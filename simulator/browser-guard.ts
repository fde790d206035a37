import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { ADMIN_ERRORS } from './wire/admin-api.ts';
import type { AdminError } from './wire/admin-api.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { Deployment } from './deployment.ts';

/** Addresses that mean all of a machine's. */
const ALL = new Set(['0.0.0.0', '::', '0:0:0:0:0:0:0:0']);
/** What a browser says of a request that no other origin's page made (Fetch Metadata, W3C; `none`: a person typed the address). */
const OWN_SITES = new Set(['same-origin', 'none']);

/**
 * Keeps the pages of a browser on this machine from the phone and admin APIs, which ask nobody who they are: a page of another
 * origin may send a POST without being able to read the answer, and one whose host name is made to point here (DNS rebinding) could
 * read it too. A request without the headers of a browser, by curl or by the harness, passes: undefined.
 */
export function refusalOfForeign(deployment: Deployment, { headers }: Call): Answer | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !OWN_SITES.has(site)) return refuse('FOREIGN_PAGE');
  const { host, origin } = headers;
  if (host !== undefined && !isOurs(deployment, nameOf(host))) return refuse('FOREIGN_HOST');
  if (origin !== undefined && !isOwnOrigin(deployment, origin, host)) return refuse('FOREIGN_PAGE');
  return undefined;
}

/** An origin is ours by scheme, host and port: that of the request's address, or that of `baseUrl`. */
function isOwnOrigin({ settings, baseUrl }: Deployment, origin: string, host = ''): boolean {
  const own = originOf(`${settings.tls ? 'https' : 'http'}://${host}`);
  const given = originOf(origin);
  return given !== undefined && (given === own || given === originOf(baseUrl));
}

/** Names under which the simulator may be asked: loopback, its `host` and the host of its `baseUrl`. */
function isOurs({ settings, baseUrl }: Deployment, name: string): boolean {
  if (isLoopback(name)) return true;
  const known = [nameOf(settings.host), URL.canParse(baseUrl) ? nameOf(new URL(baseUrl).host) : ''];
  if (name !== '' && known.includes(name)) return true;
  // All addresses of the machine: any number will do, for only a name can be made to point elsewhere.
  return ALL.has(settings.host) && (isIP(name) !== 0 || name === hostname().toLowerCase());
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** The host of a Host header without its port, brackets and last dot; empty for what is none. */
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
