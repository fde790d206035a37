import tls from 'node:tls';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { fields, list, oneOf, text } from '../option-fields.ts';
import type { ReadOption } from '../option-fields.ts';
import { covers, hostPattern } from './host-pattern.ts';
import type { HostPattern } from './host-pattern.ts';

/** A certificate that the client shows to some hosts; without `domains` to all. */
export interface ClientCertificate {
  readonly domains: readonly HostPattern[];
  readonly cert: string;
  readonly key: string;
  readonly passphrase: string | undefined;
}

/** Reads `options.tlsAuth`. Throws a ConfigurationError; no part of a key is repeated. */
export const readClientCertificates: ReadOption<readonly ClientCertificate[]> = (value, place) =>
  list((item, at): ClientCertificate => {
    const given = fields(item, at, ['domains', 'cert', 'key', 'password']);
    for (const name of ['cert', 'key']) {
      if (typeof given[name] !== 'string')
        throw new ConfigurationError(`${at}.${name} is missing; expected PEM text, such as open('./client.pem') gives`);
    }
    const certificate: ClientCertificate = {
      domains: list(hostPattern)(given['domains'] ?? [], `${at}.domains`),
      cert: given['cert'] as string,
      key: given['key'] as string,
      passphrase: given['password'] === undefined ? undefined : text(given['password'], `${at}.password`),
    };
    try {
      contextOf(certificate, {});
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new ConfigurationError(`${at}: certificate and key cannot be used together (${code ?? message})`);
    }
    return certificate;
  })(value, place);

/** Oldest and newest version of TLS that a run speaks. */
export interface TlsVersions {
  readonly minVersion?: tls.SecureVersion;
  readonly maxVersion?: tls.SecureVersion;
}

const VERSIONS = {
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
} as const satisfies Record<string, tls.SecureVersion>;

const version = oneOf('tls1.0', 'tls1.1', 'tls1.2', 'tls1.3');

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

/** Gives each host its TLS context; each is made once, because making one costs milliseconds and 50 KiB. */
export function secureContexts(
  certificates: readonly ClientCertificate[],
  versions: TlsVersions,
): (host: string) => tls.SecureContext {
  const made = new Map<ClientCertificate | undefined, tls.SecureContext>();
  return (host) => {
    const certificate = certificates.find(
      ({ domains }) => domains.length === 0 || domains.some((domain) => covers(domain, host)),
    );
    let context = made.get(certificate);
    if (context === undefined) made.set(certificate, (context = contextOf(certificate, versions)));
    return context;
  };
}

function contextOf(certificate: ClientCertificate | undefined, versions: TlsVersions): tls.SecureContext {
  if (certificate === undefined) return tls.createSecureContext(versions);
  const { cert, key, passphrase } = certificate;
  return tls.createSecureContext({ ...versions, cert, key, ...(passphrase === undefined ? {} : { passphrase }) });
}
