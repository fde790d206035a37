import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import type { OwnErrorCode } from '../../catalogue/failure-sides.ts';
import { closeSync, openSync } from 'node:fs';

/** Why a request got no usable answer: k6's code (k6-contract.md 6.2) and a fixed text, which is also the `error` tag. */
export interface Failure {
  readonly code: number;
  readonly text: string;
}

/** A failure of this machine, never of the target. */
function own(code: OwnErrorCode): Failure {
  return { code, text: OWN_ERROR_CODES[code] };
}

/** By the code that Node, undici or this engine gives an error. */
const FAILURES: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: { code: 1212, text: 'dial: connection refused' },
  ETIMEDOUT: { code: 1211, text: 'dial: i/o timeout' },
  UND_ERR_CONNECT_TIMEOUT: { code: 1211, text: 'dial: i/o timeout' },
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
  UND_ERR_SOCKET: { code: 1000, text: 'connection closed before the response was complete' },
  PAIRSTORM_TIMEOUT: { code: 1050, text: 'request timeout' },
  PAIRSTORM_URL: { code: 1020, text: 'invalid URL' },
  PAIRSTORM_BLOCKED_ADDRESS: { code: 1110, text: 'dial: the address is in options.blacklistIPs' },
  PAIRSTORM_BLOCKED_HOST: { code: 1111, text: 'dial: the host name is in options.blockHostnames' },
  PAIRSTORM_PROXY: own(1286),
  PAIRSTORM_BODIES: own(1287),
  PAIRSTORM_BEHIND_PROXY: { code: 1210, text: 'dial: the proxy cannot reach the target' },
  PAIRSTORM_DECOMPRESSION: { code: 1701, text: 'the response body cannot be decompressed' },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { code: 1000, text: 'the response body is larger than 64 MiB' },
  UND_ERR_HEADERS_OVERFLOW: { code: 1000, text: 'the response headers are larger than 16 KiB' },
  UND_ERR_INVALID_ARG: { code: 1000, text: 'the request is not valid HTTP' },
};

const GENERIC: Failure = { code: 1000, text: 'the response is not valid HTTP' };
const TLS_AUTHORITY: Failure = { code: 1310, text: 'x509: certificate signed by unknown authority' };
const TLS_HOST_NAME: Failure = { code: 1311, text: 'x509: certificate is not valid for this host name' };
const TLS_GENERAL: Failure = { code: 1300, text: 'tls: handshake failed' };

/** Node's certificate errors that mean an authority nobody trusts. */
const UNTRUSTED = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA)/;

/** The failure that an error stands for. */
export function failureOf(error: unknown): Failure {
  const { code = '', errors, cause } = error as { code?: string; errors?: readonly unknown[]; cause?: unknown };
  if (Array.isArray(errors) && errors.length > 0) {
    // Happy-eyeballs dialling gives one error per address: an address family that this machine lacks is not a fault of it.
    const failures = errors.map(failureOf);
    return failures.find((failure) => !isOwnError(failure.code)) ?? failures[0]!;
  }
  const known = (LOOKUPS.has(code) ? FAILURES[lackOfDescriptors() ?? ''] : undefined) ?? FAILURES[code];
  if (known !== undefined) return known;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return TLS_HOST_NAME;
  if (UNTRUSTED.test(code)) return TLS_AUTHORITY;
  if (/^(CERT_|ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) return TLS_GENERAL;
  return cause === undefined ? GENERIC : failureOf(cause);
}

/** Where a name was not found: the resolver opens files and sockets, and says of none that it could not. */
const LOOKUPS: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_SYSTEM', 'EAI_MEMORY']);

/** The error of opening a file, if this process or machine can open none now. */
function lackOfDescriptors(): string | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EMFILE' || code === 'ENFILE' ? code : undefined;
  }
}

/** Dialling the proxy failed: the failure is the proxy's, unless this machine lacks something by itself. */
export function proxyError(error: Error): Error {
  const { code } = failureOf(error);
  return isOwnError(code) ? error : new RequestError('PAIRSTORM_PROXY');
}

/** An error of this engine, by a key of the table. */
export class RequestError extends Error {
  readonly code: string;
  constructor(
    code: `PAIRSTORM_${'TIMEOUT' | 'URL' | 'DECOMPRESSION' | 'BLOCKED_ADDRESS' | 'BLOCKED_HOST' | 'PROXY' | 'BEHIND_PROXY' | 'BODIES'}`,
  ) {
    super(code);
    this.code = code;
  }
}
