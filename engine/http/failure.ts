/** Why a request got no usable answer: k6's code (k6-contract.md 6.2) and a fixed text, which is also the `error` tag. */
export interface Failure {
  readonly code: number;
  readonly text: string;
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
  EADDRNOTAVAIL: { code: 1210, text: 'dial: no free local port' },
  EMFILE: { code: 1210, text: 'dial: too many open files' },
  ECONNRESET: { code: 1220, text: 'read: connection reset by peer' },
  EPIPE: { code: 1201, text: 'write: broken pipe' },
  UND_ERR_SOCKET: { code: 1000, text: 'connection closed before the answer was complete' },
  PAIRSTORM_TIMEOUT: { code: 1050, text: 'request timeout' },
  PAIRSTORM_URL: { code: 1020, text: 'invalid URL' },
  PAIRSTORM_BLOCKED_ADDRESS: { code: 1110, text: 'dial: the address is in options.blacklistIPs' },
  PAIRSTORM_BLOCKED_HOST: { code: 1111, text: 'dial: the host name is in options.blockHostnames' },
  PAIRSTORM_PROXY: { code: 1210, text: 'dial: the proxy refused the connection' },
  PAIRSTORM_DECOMPRESSION: { code: 1701, text: 'the body cannot be decompressed' },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { code: 1000, text: 'the body is larger than 64 MiB' },
  UND_ERR_HEADERS_OVERFLOW: { code: 1000, text: 'the headers are larger than 16 KiB' },
  UND_ERR_INVALID_ARG: { code: 1000, text: 'the request is not valid HTTP' },
};

const GENERIC: Failure = { code: 1000, text: 'the answer is not valid HTTP' };
const TLS_AUTHORITY: Failure = { code: 1310, text: 'x509: certificate signed by unknown authority' };
const TLS_HOST_NAME: Failure = { code: 1311, text: 'x509: certificate is not valid for this host name' };
const TLS_GENERAL: Failure = { code: 1300, text: 'tls: handshake failed' };

/** Node's certificate errors that mean an authority nobody trusts. */
const UNTRUSTED = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA)/;

/** The failure that an error stands for. */
export function failureOf(error: unknown): Failure {
  const { code = '', errors, cause } = error as { code?: string; errors?: readonly unknown[]; cause?: unknown };
  // Happy-eyeballs dialling gives one error per address.
  if (Array.isArray(errors) && errors.length > 0) return failureOf(errors[0]);
  const known = FAILURES[code];
  if (known !== undefined) return known;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return TLS_HOST_NAME;
  if (UNTRUSTED.test(code)) return TLS_AUTHORITY;
  if (/^(CERT_|ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) return TLS_GENERAL;
  return cause === undefined ? GENERIC : failureOf(cause);
}

/** An error of this engine, by a key of the table. */
export class RequestError extends Error {
  readonly code: string;
  constructor(code: `PAIRSTORM_${'TIMEOUT' | 'URL' | 'DECOMPRESSION' | 'BLOCKED_ADDRESS' | 'BLOCKED_HOST' | 'PROXY'}`) {
    super(code);
    this.code = code;
  }
}
