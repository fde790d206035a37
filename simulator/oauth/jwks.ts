import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Deployment } from '../deployment.ts';

/** GET of the key set (RFC 7517 section 5): the one key that signs. */
export function readJwks({ key }: Deployment): Answer {
  return ok({ keys: [key.jwk] });
}
