import encoding from 'k6/encoding';
import { STATUS_ATTRIBUTES, STATUS_PREFIX } from '../../protocol/status-attribute.ts';

/**
 * Claims of a JWT (RFC 7519), or undefined if the token is none. The signature is not checked: a load test reads the
 * attribute, it grants nothing by it.
 */
function claims(token: string): Record<string, unknown> | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const value: unknown = JSON.parse(encoding.b64decode(parts[1]!, 'rawurl', 's'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The status attribute's value without its prefix, from the first token that carries it; undefined where none does.
 * `claim`: its name, or `''` for the two documented ones.
 */
export function statusValue(tokens: readonly (string | undefined)[], claim: string): string | undefined {
  const names = claim === '' ? STATUS_ATTRIBUTES : [claim];
  for (const token of tokens) {
    const found = token === undefined ? undefined : claims(token);
    for (const name of names) {
      const value = found?.[name];
      if (typeof value === 'string') {
        return value.startsWith(STATUS_PREFIX) ? value.slice(STATUS_PREFIX.length) : value;
      }
    }
  }
  return undefined;
}
