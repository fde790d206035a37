import type { JWTPayload } from 'jose';
import { decodeJwt } from 'jose/jwt/decode';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { writtenDefault } from '../lib/settings.ts';
import { lengthInWords } from './load-in-words.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const given = (env: Environment, name: string): string => env[name] ?? '';

/** Throws a ConfigurationError for test devices without a request object: the bundle knows only one of the two ways. */
function refuseUnsigned(env: Environment): void {
  if (given(env, 'DEVICE_DRIVER') !== 'test-device') return;
  if (given(env, 'PF_REQUEST_KEY_FILE') + given(env, 'PF_REQUEST_OBJECT') !== '') return;
  throw new ConfigurationError(
    'DEVICE_DRIVER is "test-device" and needs a request object; set PF_REQUEST_KEY_FILE to the file of the key that signs it, or PF_REQUEST_OBJECT',
  );
}

/**
 * The settings as a script will see them: it knows the request object that is signed for its run (sign-request.ts), not
 * the key. Throws a ConfigurationError if both are given, or neither where one is needed.
 */
export function withRequestToCome(env: Environment): Environment {
  refuseUnsigned(env);
  if (given(env, 'PF_REQUEST_KEY_FILE') === '') return env;
  if (given(env, 'PF_REQUEST_OBJECT') !== '')
    throw new ConfigurationError('PF_REQUEST_KEY_FILE and PF_REQUEST_OBJECT are both set; set only one');
  return { ...env, PF_REQUEST_KEY_FILE: '', PF_REQUEST_OBJECT: 'to be signed' };
}

/**
 * Checks a given request object for a run that starts flows for `lastsMs`; the signature is PingFederate's to check.
 * Throws a ConfigurationError that never quotes it.
 */
export function checkRequestObject(env: Environment, lastsMs: number): void {
  refuseUnsigned(env);
  const jwt = given(env, 'PF_REQUEST_OBJECT');
  if (jwt === '') return;
  const wrong = (what: string): ConfigurationError =>
    new ConfigurationError(`PF_REQUEST_OBJECT ${what}; sign another: pairstorm request-object`);
  let claims: JWTPayload;
  try {
    claims = decodeJwt(jwt);
  } catch {
    throw wrong('is not a JWT');
  }
  const clientId = given(env, 'PF_CLIENT_ID') || writtenDefault('PF_CLIENT_ID');
  if (claims['client_id'] !== clientId) throw wrong(`is not for the client ${clientId}: its client_id is another`);
  if (given(env, 'DEVICE_DRIVER') === 'test-device' && claims['pi.testDevice'] !== 'allow')
    throw wrong('lacks pi.testDevice=allow, without which no code is shown');
  if (claims.aud === undefined) throw wrong('lacks aud, the issuer of PingFederate');
  if (claims.exp === undefined) throw wrong('lacks exp');
  const leftMs = claims.exp * 1000 - Date.now();
  if (leftMs <= 0) throw wrong('has expired');
  if (leftMs < lastsMs)
    throw wrong(
      `expires in ${lengthInWords(Math.floor(leftMs / 1000) * 1000)}, and flows may start for ${lengthInWords(lastsMs)}`,
    );
}
