// Its parts, not the whole of jose: that takes twice as long to load, at every start of a simulator.
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { JOSEError } from 'jose/errors';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import { SignJWT } from 'jose/jwt/sign';
import { jwtVerify } from 'jose/jwt/verify';
import { exportJWK } from 'jose/key/export';
import { generateKeyPair } from 'jose/key/generate/keypair';

/** The key that signs all tokens, generated at startup. */
export interface SigningKey {
  readonly alg: 'ES256' | 'RS256';
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The public key as shown in the JWKS. */
  readonly jwk: JWK;
}

/** Generates a key pair; `kid` is its RFC 7638 thumbprint. */
export async function newSigningKey(alg: SigningKey['alg']): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { alg, kid, privateKey, publicKey, jwk: { ...jwk, kid, alg, use: 'sig' } };
}

/** Signs claims as a JWT (RFC 7519) of this `typ`. */
export function signJwt(key: SigningKey, typ: string, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, typ }).sign(key.privateKey);
}

/** Claims of a JWT signed by this key, with this `typ` and not expired at `now` (ms since 1970); null otherwise. */
export async function verifyJwt(key: SigningKey, typ: string, jwt: string, now: number): Promise<JWTPayload | null> {
  try {
    const options = { algorithms: [key.alg], typ, currentDate: new Date(now) };
    return (await jwtVerify(jwt, key.publicKey, options)).payload;
  } catch (error) {
    if (error instanceof JOSEError || error instanceof TypeError) return null;
    throw error;
  }
}
