import { ConfigurationError } from '../contract/configuration-error.ts';
import { PEM_OF_PKCS12, contextOf } from './http/client-certificates.ts';
import type { ClientCertificate, TlsVersions } from './http/client-certificates.ts';
import type { HostOverride, HostPattern } from './http/hosts.ts';
import { POLICIES, SELECTIONS } from './http/name-lookup.ts';
import type { DnsSettings } from './http/name-lookup.ts';
import { durationField, fields, listField, oneOfField, stringMap, textField, invalidOption } from './option-fields.ts';
import type { ReadOption } from './option-fields.ts';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type tls from 'node:tls';

/** Reads a host name, optionally starting with `*`. */
export const hostPattern: ReadOption<HostPattern> = (value, place) => {
  if (typeof value === 'string' && /^\*?[A-Za-z0-9._:-]*$/.test(value) && value !== '') return value.toLowerCase();
  throw invalidOption(place, value, `a host name such as 'example.com' or '*.example.com'`);
};

/** Parses `host`, `host:port`, `[IPv6]` or `[IPv6]:port`. Throws a ConfigurationError. */
function hostAndPort(text: string, place: string): { readonly host: string; readonly port?: number } {
  if (isIPv6(text)) return { host: text };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new ConfigurationError(`${place} is ${JSON.stringify(text)}; expected HOST or HOST:PORT`);
  }
  return port === undefined ? { host } : { host, port };
}

/** Reads `options.hosts`, most specific first: with port before without, name before pattern. */
export const readHosts: ReadOption<readonly HostOverride[]> = (value, place) =>
  Object.entries(stringMap(value, place))
    .map(([from, to]): HostOverride => {
      const at = `${place}["${from}"]`;
      const { host, port } = hostAndPort(from, place);
      const { host: address, port: toPort } = hostAndPort(to, at);
      if (isIP(address) === 0) throw invalidOption(at, to, `an IP address, such as '127.0.0.1' or '127.0.0.1:8443'`);
      return { pattern: hostPattern(host, place), port, address, toPort };
    })
    .sort((a, b) => closeness(b) - closeness(a));

function closeness({ pattern, port }: HostOverride): number {
  return (pattern.startsWith('*') ? pattern.length : 1_000) + (port === undefined ? 0 : 10_000);
}

/** Reads `options.dns`: what is left out has k6's default. `ttl`: a duration, `0` (no cache) or `inf`. */
export const readDns: ReadOption<DnsSettings> = (value, place) => {
  const { ttl = '5m', select = 'random', policy = 'preferIPv4' } = fields(value, place, ['ttl', 'select', 'policy']);
  return {
    ttlMs: ttl === 'inf' ? Infinity : durationField(ttl, `${place}.ttl`),
    select: oneOfField(...keysOf(SELECTIONS))(select, `${place}.select`),
    policy: oneOfField(...keysOf(POLICIES))(policy, `${place}.policy`),
  };
};

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(table) as K[];
}

/** Reads `options.blacklistIPs`: addresses and CIDR ranges. `undefined` if there are none. */
export const readBlockedAddresses: ReadOption<BlockList | undefined> = (value, place) => {
  const ranges = listField(textField)(value, place);
  const blocked = new BlockList();
  ranges.forEach((range, at) => {
    const [address = '', prefix, ...more] = range.split('/');
    const version = isIP(address);
    const bits = version === 6 ? 128 : 32;
    const length = prefix === undefined ? bits : Number(prefix);
    if (version === 0 || more.length > 0 || !Number.isInteger(length) || length < 0 || length > bits) {
      throw invalidOption(`${place}[${at}]`, range, `an IP address or a range such as '10.0.0.0/8'`);
    }
    blocked.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4');
  });
  return ranges.length === 0 ? undefined : blocked;
};

/** Reads `options.tlsAuth`. Throws a ConfigurationError that quotes no part of a key. */
export const readClientCertificates: ReadOption<readonly ClientCertificate[]> = (value, place) =>
  listField((item, at): ClientCertificate => {
    const given = fields(item, at, ['domains', 'cert', 'key', 'password']);
    for (const name of ['cert', 'key']) {
      if (typeof given[name] !== 'string')
        throw new ConfigurationError(`${at}.${name} is missing; expected PEM text, such as open('./client.pem') gives`);
    }
    const certificate: ClientCertificate = {
      domains: listField(hostPattern)(given['domains'] ?? [], `${at}.domains`),
      cert: given['cert'] as string,
      key: given['key'] as string,
      passphrase: given['password'] === undefined ? undefined : textField(given['password'], `${at}.password`),
    };
    const wrong = wrongWith(certificate, at);
    if (wrong !== undefined) throw new ConfigurationError(wrong);
    return certificate;
  })(value, place);

/** Why a certificate and its key cannot be used; undefined: they can. */
function wrongWith({ cert, key, passphrase }: ClientCertificate, at: string): string | undefined {
  for (const [name, text, label] of [
    ['cert', cert, /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/],
    ['key', key, /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/],
  ] as const) {
    if (label.test(text)) continue;
    const is = text.includes('-----BEGIN ')
      ? `PEM, but not a ${name === 'cert' ? 'certificate' : 'private key'}`
      : 'not PEM';
    return `${at}.${name} is ${is}; ${PEM_OF_PKCS12}`;
  }
  const locked = /BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(key);
  if (locked && passphrase === undefined) return `${at}.key is encrypted; set ${at}.password`;
  try {
    contextOf({ domains: [], cert, key, passphrase }, {});
    return undefined;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (/KEY_VALUES_MISMATCH|KEY_TYPE_MISMATCH/.test(code))
      return `${at}.key does not belong to the certificate of ${at}.cert`;
    if (locked) return `${at}.password does not open ${at}.key (${code || message})`;
    return `${at}.cert and ${at}.key cannot be used (${code || message}); use a certificate and its key, both in PEM`;
  }
}

const VERSIONS = {
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
} as const satisfies Record<string, tls.SecureVersion>;

const version = oneOfField('tls1.0', 'tls1.1', 'tls1.2', 'tls1.3');

/** Reads `options.tlsVersion`: one version, or `{min, max}`. */
export const readTlsVersions: ReadOption<TlsVersions> = (value, place) => {
  if (typeof value === 'string') {
    const only = VERSIONS[version(value, place)];
    return { minVersion: only, maxVersion: only };
  }
  const { min, max } = fields(value, place, ['min', 'max']);
  return {
    ...(min === undefined ? {} : { minVersion: VERSIONS[version(min, `${place}.min`)] }),
    ...(max === undefined ? {} : { maxVersion: VERSIONS[version(max, `${place}.max`)] }),
  };
};
