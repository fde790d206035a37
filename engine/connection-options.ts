import { ConfigurationError } from '../contract/configuration-error.ts';
import { contextOf } from './http/client-certificates.ts';
import type { ClientCertificate, TlsVersions } from './http/client-certificates.ts';
import type { HostOverride, HostPattern } from './http/hosts.ts';
import { fields, listField, oneOfField, stringMap, textField, invalidOption } from './option-fields.ts';
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
    try {
      contextOf(certificate, {});
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new ConfigurationError(`${at}: certificate and key cannot be used together (${code ?? message})`);
    }
    return certificate;
  })(value, place);

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
