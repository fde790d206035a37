import { createHash } from 'node:crypto';

/** RFC 7636 section 4.6: whether the verifier fits the S256 challenge. */
export function fitsChallenge(verifier: string, challenge: string): boolean {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false;
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}
