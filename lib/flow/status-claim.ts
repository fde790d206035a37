import { b64decode } from 'k6/encoding';
import { PAIRING_OUTCOMES } from '../../catalogue/outcomes.ts';
import { STATUS_ATTRIBUTES, STATUS_PREFIX } from '../../protocol/status-attribute.ts';

const PAIRING: readonly string[] = PAIRING_OUTCOMES;

/**
 * Claims of a JWT (RFC 7519), or undefined if the token is not one. The signature is not checked: a load test only
 * reads the attribute and grants nothing by it.
 */
export function tokenClaims(token: string | undefined): Record<string, unknown> | undefined {
  if (token === undefined) return undefined;
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const value: unknown = JSON.parse(b64decode(parts[1]!, 'rawurl', 's'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Value of the status attribute without its prefix; undefined if no claim has it. Both documented names are looked up
 * in every set of claims, and a pairing value wins, because the second name is documented for pairing errors. A claim
 * may also be a list of one. `claim`: the deployment's own name, or `''`.
 */
export function statusValue(
  sets: readonly (Readonly<Record<string, unknown>> | undefined)[],
  claim: string,
): string | undefined {
  const names = claim === '' ? STATUS_ATTRIBUTES : [claim];
  let first: string | undefined;
  for (const claims of sets) {
    for (const name of names) {
      const said = claims?.[name];
      for (const value of Array.isArray(said) ? (said as readonly unknown[]) : [said]) {
        if (typeof value !== 'string' || !value.startsWith(STATUS_PREFIX)) continue;
        const status = value.slice(STATUS_PREFIX.length);
        if (PAIRING.includes(status)) return status;
        first ??= status;
      }
    }
  }
  return first;
}
