import tls from 'node:tls';
import { covers } from './hosts.ts';
import type { HostPattern } from './hosts.ts';

/** A client certificate for some hosts; without `domains` for all. */
export interface ClientCertificate {
  readonly domains: readonly HostPattern[];
  readonly cert: string;
  readonly key: string;
  readonly passphrase: string | undefined;
}

/** Remedy for a certificate or key that is not PEM. */
export const PEM_OF_PKCS12 =
  'of a PKCS#12 file (.p12, .pfx) "openssl pkcs12 -in FILE -out client.pem" makes PEM for both';

/** Minimum and maximum TLS version of a run. */
export interface TlsVersions {
  readonly minVersion?: tls.SecureVersion;
  readonly maxVersion?: tls.SecureVersion;
}

/** The certificate for a host: the first that matches. */
export function certificateFor(
  certificates: readonly ClientCertificate[],
  host: string,
): ClientCertificate | undefined {
  return certificates.find(({ domains }) => domains.length === 0 || domains.some((domain) => covers(domain, host)));
}

/** TLS contexts by host; each is created once, because that takes milliseconds and 50 KiB. */
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

/** The TLS context of a certificate. Throws OpenSSL's error for an unusable one. */
export function contextOf(certificate: ClientCertificate | undefined, versions: TlsVersions): tls.SecureContext {
  if (certificate === undefined) return tls.createSecureContext(versions);
  const { cert, key, passphrase } = certificate;
  return tls.createSecureContext({ ...versions, cert, key, ...(passphrase === undefined ? {} : { passphrase }) });
}
