import { isOwnError } from './own-error-codes.ts';

/** Whose fault a failed request is: each error code belongs to one (k6-contract.md 6.2). */
export const FAILURE_SIDES = {
  target: 'the target answered with an error, too late, or not at all',
  network: 'between: no name, no connection, no TLS, or a connection that broke',
  device: 'the device side: a bridge, or the phone API',
  generator: 'this machine: no port, descriptor, memory or proxy',
} as const;

/** One of them. */
export type FailureSide = keyof typeof FAILURE_SIDES;

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
