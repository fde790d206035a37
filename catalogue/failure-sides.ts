/**
 * Who is to blame for a failed request, by its error code (k6-contract.md 6.2). target: an error answer, or a time-out; between:
 * DNS, connection or TLS errors; device side: a bridge, or the phone API; this machine: out of ports, descriptors or memory, or
 * no proxy.
 */
export const FAILURE_SIDES = ['target', 'network', 'device', 'generator'] as const;
export type FailureSide = (typeof FAILURE_SIDES)[number];

/** Timed out: the target took too long. */
const TIMEOUT = 1050;
/** DNS, TCP and TLS errors, and the general code of a request without a usable answer. */
const WITHOUT_ANSWER = { from: 1000, to: 1399 } as const;

/** Whose fault a failed request is, by its tag `peer` and its `error_code`. */
export function sideOf(peer: string, code: number): FailureSide {
  if (isOwnError(code)) return 'generator';
  if (peer === 'device') return 'device';
  return code >= WITHOUT_ANSWER.from && code <= WITHOUT_ANSWER.to && code !== TIMEOUT ? 'network' : 'target';
}

/**
 * Error codes of requests that failed on the machine that makes the load, not at the target: code → what was missing. Unused in
 * k6's list (k6-contract.md 6.2), so a script can rely on them on either host; on k6 they do not occur.
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

/** One of these codes. */
export type OwnErrorCode = keyof typeof OWN_ERROR_CODES;

/** True for the error code of a request that failed on this machine. */
export function isOwnError(code: number): code is OwnErrorCode {
  return code in OWN_ERROR_CODES;
}
