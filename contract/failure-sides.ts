import { isOwnError } from './own-error-codes.ts';

/**
 * Whose fault a failed request is: each error code belongs to one (k6-contract.md 6.2). The target answered with an error or too
 * late; between: no name, no connection, no TLS, or one that broke; the device side: a bridge, or the phone API; this machine: no
 * port, descriptor, memory or proxy.
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
