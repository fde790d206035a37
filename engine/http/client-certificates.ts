import tls from 'node:tls';
import { covers } from './hosts.ts';
import type { HostPattern } from './hosts.ts';

/** A certificate that the client shows to some hosts; without `domains` to all. */
export interface ClientCertificate {
  readonly domains: readonly HostPattern[];
  readonly cert: string;
  readonly key: string;
  readonly passphrase: string | undefined;
}

/** What to do about a certificate or key that is no text. */
export const PEM_OF_PKCS12 =
  'of a PKCS#12 file (.p12, .pfx) "openssl pkcs12 -in FILE -out client.pem" makes PEM for both';

/** Oldest and newest version of TLS that a run speaks. */
export interface TlsVersions {
  readonly minVersion?: tls.SecureVersion;
  readonly maxVersion?: tls.SecureVersion;
}

/** The certificate that a host is shown: the first that is for it. */
export function certificateFor(
  certificates: readonly ClientCertificate[],
  host: string,
): ClientCertificate | undefined {
  return certificates.find(({ domains }) => domains.length === 0 || domains.some((domain) => covers(domain, host)));
}

/** Gives each host its TLS context; each is made once, because making one costs milliseconds and 50 KiB. */
export function secureContexts(
  certificates: readonly ClientCertificate[],
  versions: TlsVersions,
): (host: string) => tls.SecureContext {
  const made = new Map<ClientCertificate | undefined, tls.SecureContext>();
  return (host) => {
    const certificate = certificateFor(certificates, host);
    let context = made.get(certificate);
    if (context === undefined) made.set(certificate, (context = contextOf(certificate, versions)));
    return context;
  };
}

/** The TLS context of a certificate. Throws what OpenSSL says of one that cannot be used. */
export function contextOf(certificate: ClientCertificate | undefined, versions: TlsVersions): tls.SecureContext {
  if (certificate === undefined) return tls.createSecureContext(versions);
  const { cert, key, passphrase } = certificate;
  return tls.createSecureContext({ ...versions, cert, key, ...(passphrase === undefined ? {} : { passphrase }) });
}
