import { isIPv6 } from 'node:net';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { wrong } from '../option-fields.ts';
import type { ReadOption } from '../option-fields.ts';

/** A host name, or `*` and the end of one; a `*` stands for anything, dots included. Lower case. */
export type HostPattern = string;

/** Reads a host name with a `*` at most at its start. */
export const hostPattern: ReadOption<HostPattern> = (value, place) => {
  if (typeof value === 'string' && /^\*?[A-Za-z0-9._:-]*$/.test(value) && value !== '') return value.toLowerCase();
  throw wrong(place, value, `a host name such as 'example.com' or '*.example.com'`);
};

/** Whether a pattern covers a host name. */
export function covers(pattern: HostPattern, host: string): boolean {
  const name = host.toLowerCase();
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern;
}

/** `host`, `host:port`, `[IPv6]` or `[IPv6]:port`, taken apart. Throws a ConfigurationError that names the place. */
export function hostAndPort(text: string, place: string): { readonly host: string; readonly port?: number } {
  if (isIPv6(text)) return { host: text };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new ConfigurationError(`${place} is ${JSON.stringify(text)}; expected HOST or HOST:PORT`);
  }
  return port === undefined ? { host } : { host, port };
}
