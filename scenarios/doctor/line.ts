import { oneOf, optional, shape, text } from '../../contract/decode.ts';

/** A check of `doctor` travels as one console line, `pairstorm-check {json}`. It holds no secret, token or code. */
export const CHECK_PREFIX = 'pairstorm-check ';

/** What `doctor` checks, in this order, and what a line calls it. */
export const CHECKS = {
  reachable: 'target',
  tls: 'TLS',
  heartbeat: 'heartbeat',
  round_trip: 'round trip',
  client: 'OAuth client',
  session: 'session',
  renewal: 'session renewal',
  xsrf: 'XSRF header',
  first_factor: 'first factor',
  mfa: 'MFA adapter',
  second_factor: 'second factor',
  token: 'token',
  status_attribute: 'status attribute',
  clock: 'clock',
  rate_limit: 'rate limit',
  devices: 'device driver',
} as const;

/** Name of a check. */
export type CheckName = keyof typeof CHECKS;

/** What a check came to: all is well, something is wrong, or it could not be looked at. */
export interface Check {
  readonly check: CheckName;
  readonly is: 'right' | 'wrong' | 'unknown';
  /** What was found, in a few words; for `unknown`: why it could not be checked. */
  readonly found: string;
  /** What to do; always with `wrong`. */
  readonly remedy?: string | undefined;
}

/** Reads the JSON of a line. Throws a DecodeError. */
export const decodeCheck = shape<Check>({
  check: oneOf(...(Object.keys(CHECKS) as CheckName[])),
  is: oneOf('right', 'wrong', 'unknown'),
  found: text,
  remedy: optional(text),
});
