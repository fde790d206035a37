import { oneOf, optional, shape, text } from '../../contract/decode.ts';

/** Each check is printed as a console line, `pairstorm-check {json}`, without secrets, tokens or codes. */
export const CHECK_PREFIX = 'pairstorm-check ';

/** The checks, in order, with the names shown to the user. Not every target and every flow has something for each. */
export const CHECKS = {
  reachable: 'target',
  tls: 'TLS',
  heartbeat: 'heartbeat',
  round_trip: 'round trip',
  client: 'OAuth client',
  request_object: 'request object',
  session: 'session',
  renewal: 'session renewal',
  xsrf: 'XSRF header',
  first_factor: 'first factor',
  mfa: 'MFA adapter',
  second_factor: 'second factor',
  pairing: 'automatic pairing',
  token: 'token',
  status_attribute: 'status attribute',
  kit: 'integration kit',
  clock: 'clock',
  rate_limit: 'rate limit',
  devices: 'device driver',
} as const;

export type CheckName = keyof typeof CHECKS;

/** Result of a check. */
export interface Check {
  readonly check: CheckName;
  readonly is: 'right' | 'wrong' | 'unknown';
  /** What was found; for `unknown`: why it could not be checked. */
  readonly found: string;
  /** Always set for `wrong`. */
  readonly remedy?: string | undefined;
}

/** Decodes the JSON of a line. Throws a DecodeError. */
export const decodeCheck = shape<Check>({
  check: oneOf(...(Object.keys(CHECKS) as CheckName[])),
  is: oneOf('right', 'wrong', 'unknown'),
  found: text,
  remedy: optional(text),
});
