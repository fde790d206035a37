import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

/** Algorithms of a request object, by the type of key that fits. */
const ALGORITHMS = {
  rsa: ['RS256', 'PS256'],
  ec: ['ES256'],
  secret: ['HS256'],
} as const;

/** RFC 7518, 3.3. */
const LEAST_RSA_BITS = 2048;

export type RequestAlgorithm = (typeof ALGORITHMS)[keyof typeof ALGORITHMS][number];

/** A key of request objects, as a file holds it. */
export interface RequestKey {
  readonly key: KeyObject;
  /** `kid` of a JWK. */
  readonly kid: string | undefined;
  /** Algorithms that fit the key; those of a JWK with `alg` are just that one. */
  readonly algorithms: readonly RequestAlgorithm[];
  /** A text that is neither PEM nor JWK: a client's secret, if it is meant as one. */
  readonly plain: boolean;
}

/** Why a key cannot be used, worded to follow the name of its file; never quotes it. */
export class RequestKeyError extends Error {
  override readonly name = 'RequestKeyError';
}

/** Reads a key: PEM, JWK, or a text of one line, which is the secret for HS256. Throws a RequestKeyError. */
export function requestKeyOf(text: string): RequestKey {
  const trimmed = text.trim();
  if (trimmed === '') throw new RequestKeyError('it is empty');
  if (trimmed.startsWith('{')) return jwkOf(trimmed);
  if (!trimmed.startsWith('-----BEGIN')) {
    if (/[\r\n]/.test(trimmed)) throw new RequestKeyError('it is neither PEM nor a JWK, nor a secret of one line');
    return fitting(createSecretKey(Buffer.from(trimmed)), {}, true);
  }
  if (trimmed.includes('ENCRYPTED')) throw new RequestKeyError('it is encrypted; decrypt it first (openssl pkey)');
  const isPrivate = trimmed.includes('PRIVATE KEY');
  return fitting(
    made(() => (isPrivate ? createPrivateKey(trimmed) : createPublicKey(trimmed))),
    {},
  );
}

function jwkOf(text: string): RequestKey {
  let jwk: JsonWebKey & { readonly kid?: unknown; readonly alg?: unknown; readonly keys?: unknown };
  try {
    jwk = JSON.parse(text) as typeof jwk;
  } catch {
    throw new RequestKeyError('it is not JSON');
  }
  if (jwk.keys !== undefined) throw new RequestKeyError('it is a set of keys; write the JWK of one into it');
  const key = made(() => {
    if (jwk.kty === 'oct') return createSecretKey(Buffer.from(jwk.k ?? '', 'base64url'));
    return jwk.d === undefined
      ? createPublicKey({ key: jwk, format: 'jwk' })
      : createPrivateKey({ key: jwk, format: 'jwk' });
  });
  return fitting(key, jwk);
}

/** Node's messages are left out: they may quote the key. */
function made(make: () => KeyObject): KeyObject {
  try {
    return make();
  } catch {
    throw new RequestKeyError('it cannot be read as a key; expected PEM (PKCS #8, PKCS #1, SEC 1) or a JWK');
  }
}

function fitting(
  key: KeyObject,
  { kid, alg }: { readonly kid?: unknown; readonly alg?: unknown },
  plain = false,
): RequestKey {
  const type = key.type === 'secret' ? 'secret' : (key.asymmetricKeyType ?? '');
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (!Object.hasOwn(ALGORITHMS, type) || (type === 'ec' && curve !== 'prime256v1'))
    throw new RequestKeyError(`it is ${curve ?? type}; expected RSA, EC with P-256, or a secret`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? Infinity;
  if (bits < LEAST_RSA_BITS)
    throw new RequestKeyError(`it is RSA with ${bits} bits; expected ${LEAST_RSA_BITS} or more`);
  const fit: readonly RequestAlgorithm[] = ALGORITHMS[type as keyof typeof ALGORITHMS];
  const algorithms = alg === undefined ? fit : fit.filter((name) => name === alg);
  if (algorithms.length === 0) throw new RequestKeyError(`its alg does not fit it; expected ${fit.join(' or ')}`);
  return { key, kid: typeof kid === 'string' ? kid : undefined, algorithms, plain };
}
