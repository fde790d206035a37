import { sha256 } from 'k6/crypto';

/**
 * Code verifier of a flow: 43 characters (RFC 7636 section 4.1), made of its unique state. It needs no secrecy here, and real
 * randomness costs more than the rest of the request's making.
 */
export function codeVerifier(state: string): string {
  return sha256(`verifier ${state}`, 'base64rawurl');
}

/** S256 challenge of a verifier (RFC 7636 section 4.2). */
export function codeChallenge(verifier: string): string {
  return sha256(verifier, 'base64rawurl');
}
