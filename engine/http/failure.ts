import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import type { OwnErrorCode } from '../../catalogue/failure-sides.ts';
import { closeSync, openSync } from 'node:fs';

/** Why a request has no usable answer: k6's code (k6-contract.md 6.2) and a fixed text, also the tag `error`. */
export interface Failure {
  readonly code: number;
  readonly text: string;
}

/** A failure of the load generator, never of the target. */
function own(code: OwnErrorCode): Failure {
  return { code, text: OWN_ERROR_CODES[code] };
}

/** The server closed the connection before or within an answer, however the answer's length is given. */
const CUT: Failure = { code: 1000, text: 'connection closed before the response was complete' };

const GENERIC: Failure = { code: 1000, text: 'the response is not valid HTTP' };

/** Failures by the error code of Node or this engine. */
const FAILURES: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: { code: 1212, text: 'dial: connection refused' },
  ETIMEDOUT: { code: 1211, text: 'dial: i/o timeout' },
  ENOTFOUND: { code: 1101, text: 'lookup: no such host' },
  EAI_AGAIN: { code: 1100, text: 'lookup: no answer' },
  EHOSTUNREACH: { code: 1210, text: 'dial: no route to host' },
  ENETUNREACH: { code: 1210, text: 'dial: network is unreachable' },
  EADDRNOTAVAIL: own(1281),
  EMFILE: own(1282),
  ENFILE: own(1283),
  ENOBUFS: own(1284),
  ENOMEM: own(1285),
  ECONNRESET: { code: 1220, text: 'read: connection reset by peer' },
  EPIPE: { code: 1201, text: 'write: broken pipe' },
  PAIRSTORM_CUT: CUT,
  PAIRSTORM_TIMEOUT: { code: 1050, text: 'request timeout' },
  PAIRSTORM_URL: { code: 1020, text: 'invalid URL' },
  PAIRSTORM_BLOCKED_ADDRESS: { code: 1110, text: 'dial: the address is in options.blacklistIPs' },
  PAIRSTORM_BLOCKED_HOST: { code: 1111, text: 'dial: the host name is in options.blockHostnames' },
  PAIRSTORM_PROXY: own(1286),
  PAIRSTORM_PROXY_REFUSED: own(1288),
  PAIRSTORM_PROXY_PASSWORD: own(1289),
  PAIRSTORM_REUSED: { code: 1221, text: 'the server had closed the idle connection that was reused' },
  PAIRSTORM_NO_ADDRESS: { code: 1101, text: 'lookup: no address of the family that options.dns asks for' },
  PAIRSTORM_BODIES: own(1287),
  PAIRSTORM_BEHIND_PROXY: { code: 1210, text: 'dial: the proxy cannot reach the target' },
  PAIRSTORM_DECOMPRESSION: { code: 1701, text: 'the response body cannot be decompressed' },
  PAIRSTORM_NOT_HTTP: GENERIC,
  PAIRSTORM_BODY_TOO_LARGE: { code: 1000, text: 'the response body is larger than 64 MiB' },
  PAIRSTORM_HEAD_TOO_LARGE: { code: 1000, text: 'the response headers are larger than 16 KiB' },
  PAIRSTORM_REQUEST: { code: 1000, text: 'the request is not valid HTTP' },
};

/** Failures of the TLS handshake by Node's code; the first match counts. Codes except 1300, 1310 and 1311 are ours. */
const TLS_FAILURES: readonly (readonly [code: RegExp, failure: Failure])[] = [
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    { code: 1311, text: 'x509: certificate is not valid for this host name' },
  ],
  [/^CERT_HAS_EXPIRED$/, { code: 1312, text: 'x509: certificate has expired' }],
  [/^CERT_NOT_YET_VALID$/, { code: 1313, text: 'x509: certificate is not yet valid' }],
  // A leaf without its chain; for a chain that ends in an unknown root, Node has another code.
  [/^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/, { code: 1314, text: 'x509: the certificate of the issuer is missing' }],
  [
    /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA)/,
    { code: 1310, text: 'x509: certificate signed by unknown authority' },
  ],
  [/NO_APPLICATION_PROTOCOL$/, { code: 1320, text: 'tls: the server does not speak HTTP/1.1' }],
  [/(UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION)$/, { code: 1321, text: 'tls: no common version' }],
  [
    /_(CERTIFICATE_REQUIRED|NO_CLIENT_CERTIFICATE)$/,
    { code: 1322, text: 'tls: the server requires a client certificate' },
  ],
  [
    /^PAIRSTORM_CLIENT|_ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)$/,
    { code: 1323, text: 'tls: the server refuses the client certificate' },
  ],
  [
    /^(CERT_|CRL_|INVALID_PURPOSE|PATH_LENGTH_|ERR_SSL_|ERR_TLS_|EPROTO)/,
    { code: 1300, text: 'tls: handshake failed' },
  ],
];

/** Codes of errors of a connection that the other side has reset. */
export const RESET: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** The failure for an error. */
export function failureOf(error: unknown): Failure {
  const { code = '', errors, cause } = error as { code?: string; errors?: readonly unknown[]; cause?: unknown };
  if (Array.isArray(errors) && errors.length > 0) {
    // Happy-eyeballs dialling gives an error per address; a missing address family is not the load generator's fault.
    const failures = errors.map(failureOf);
    return failures.find((failure) => !isOwnError(failure.code)) ?? failures[0]!;
  }
  const known = (LOOKUPS.has(code) ? FAILURES[lackOfDescriptors() ?? ''] : undefined) ?? FAILURES[code];
  if (known !== undefined) {
    const detail = error instanceof RequestError ? error.detail : '';
    return detail === '' ? known : { ...known, text: `${known.text} (${detail})` };
  }
  const tls = TLS_FAILURES.find(([pattern]) => pattern.test(code));
  if (tls !== undefined) return tls[1];
  return cause === undefined ? GENERIC : failureOf(cause);
}

/** Lookup errors that may really be a lack of file descriptors, which the resolver does not report. */
const LOOKUPS: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_SYSTEM', 'EAI_MEMORY']);

/** The error of opening a file, if descriptors are exhausted. */
function lackOfDescriptors(): string | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EMFILE' || code === 'ENFILE' ? code : undefined;
  }
}

/** Error of dialling the proxy: the proxy's failure, unless it is the load generator's own. */
export function proxyError(error: Error): Error {
  const { code } = failureOf(error);
  return isOwnError(code) ? error : new RequestError('PAIRSTORM_PROXY');
}

/** This engine's own keys of the table. */
type OwnKey =
  | (
      | 'TIMEOUT'
      | 'URL'
      | 'DECOMPRESSION'
      | 'BLOCKED_ADDRESS'
      | 'BLOCKED_HOST'
      | 'NO_ADDRESS'
      | 'BODIES'
      | 'REUSED'
      | 'CUT'
      | 'REQUEST'
      | 'NOT_HTTP'
      | 'HEAD_TOO_LARGE'
      | 'BODY_TOO_LARGE'
    )
  | ('PROXY' | 'PROXY_REFUSED' | 'PROXY_PASSWORD' | 'BEHIND_PROXY' | 'CLIENT_CERTIFICATE' | 'NO_CLIENT_CERTIFICATE');

/** An error of this engine, with a key of the table. */
export class RequestError extends Error {
  readonly code: string;
  /** Appended to the table's text; short, with few different values. */
  readonly detail: string;
  constructor(code: `PAIRSTORM_${OwnKey}`, detail = '') {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}
