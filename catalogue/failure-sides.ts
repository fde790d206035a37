/**
 * The side at fault for a failed request, by its error code (k6-contract.md 6.2). target: an error answer, or a
 * timeout; network: DNS, connection or TLS errors; device: a bridge, or the phone API; generator: this machine is out
 * of ports, descriptors or memory, or its proxy is unreachable.
 */
export const FAILURE_SIDES = ['target', 'network', 'device', 'generator'] as const;
export type FailureSide = (typeof FAILURE_SIDES)[number];

/** Timed out: the target took too long. */
const TIMEOUT = 1050;
/** DNS, TCP and TLS errors, and the general code of a request without a usable answer. */
const WITHOUT_ANSWER = { from: 1000, to: 1399 } as const;

/** The side at fault for a failed request, by its tag `peer` and its `error_code`. */
export function sideOf(peer: string, code: number): FailureSide {
  if (isOwnError(code)) return 'generator';
  if (peer === 'device') return 'device';
  return code >= WITHOUT_ANSWER.from && code <= WITHOUT_ANSWER.to && code !== TIMEOUT ? 'network' : 'target';
}

/**
 * Error codes of requests that failed on the load generator, with what was missing. k6 leaves these codes unused
 * (k6-contract.md 6.2), so scripts can rely on them on either host; under k6 they do not occur.
 */
export const OWN_ERROR_CODES = {
  1281: 'no free local port (EADDRNOTAVAIL)',
  1282: 'too many open files in this process (EMFILE)',
  1283: 'too many open files on this machine (ENFILE)',
  1284: 'no buffer space for sockets (ENOBUFS)',
  1285: 'out of memory (ENOMEM)',
  1286: 'the proxy cannot be reached',
  1287: 'bodies in flight exceed --max-body-memory',
  1288: 'the proxy refused',
  1289: 'the proxy wants a password',
} as const;

/** Error code of a request that failed on the load generator. */
export type OwnErrorCode = keyof typeof OWN_ERROR_CODES;

/** True for the error code of a request that failed on this machine. */
export function isOwnError(code: number): code is OwnErrorCode {
  return code in OWN_ERROR_CODES;
}
