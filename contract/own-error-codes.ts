/**
 * Error codes of requests that failed on the machine that makes the load, never at the target: code → what was missing. Free
 * in k6's own list (k6-contract.md 2.5), so that a script can tell them on either host: on k6 they do not occur.
 */
export const OWN_ERROR_CODES = {
  1281: 'no free local port (EADDRNOTAVAIL)',
  1282: 'too many open files in this process (EMFILE)',
  1283: 'too many open files on this machine (ENFILE)',
  1284: 'no buffer space for sockets (ENOBUFS)',
  1285: 'out of memory (ENOMEM)',
  1286: 'the proxy cannot be reached',
  1287: 'the bodies under way are larger than --max-body-memory allows',
} as const;

/** One of these codes. */
export type OwnErrorCode = keyof typeof OWN_ERROR_CODES;

/** True for the error code of a request that failed on this machine. */
export function isOwnError(code: number): code is OwnErrorCode {
  return code in OWN_ERROR_CODES;
}
