import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import type { Inventory } from '../../../contract/inventory.ts';
import { decodeUsersCsv } from '../../../contract/users-csv.ts';

/** Key pairs by the algorithms that fit them, as a client has them. */
export const KEYS = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
} as const;

/** A key as a PEM file. */
export const pemOf = (key: KeyObject): string =>
  String(key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }));

/** A secret as a client has it for HS256. */
export const SECRET = randomBytes(24).toString('hex');

/** Claims that differ; undefined: left out. */
export type Claims = Readonly<Record<string, unknown>>;

/** Claims of a request object that every server takes; an undefined one is left out. */
export function claimsFor(audience: string, other: Claims = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'pairstorm', client_id: 'pairstorm', aud: audience, iat: now, exp: now + 3600 };
  const redirectless = { response_type: 'code', response_mode: 'pi.flow', scope: 'openid' };
  return { ...claims, ...redirectless, 'pi.testDevice': 'allow', ...other };
}

/** A request object with these claims. */
export const signed = (claims: JWTPayload, key: KeyObject | Uint8Array = KEYS.ec.privateKey, alg = 'ES256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(key);

/** A CSV of users with a test device each. */
export function testUsersCsv(users: number): string {
  const types = ['SMS', 'Email', 'Voice'];
  const lines = Array.from({ length: users }, (_, n) => `tester-${n},secret-${n},${types[n % 3]!}`);
  return `username,password,test_device\n${lines.join('\n')}\n`;
}

/** The same as an inventory. */
export const testUsers = (users: number): Inventory => decodeUsersCsv(testUsersCsv(users), 'people.csv');
