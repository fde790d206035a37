import crypto from 'k6/crypto';

/** A new code verifier of 43 characters (RFC 7636 section 4.1). */
export function codeVerifier(): string {
  return crypto.sha256(crypto.randomBytes(32), 'base64rawurl');
}

/** S256 challenge of a verifier (RFC 7636 section 4.2). */
export function codeChallenge(verifier: string): string {
  return crypto.sha256(verifier, 'base64rawurl');
}
