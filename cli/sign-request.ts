import { randomUUID } from 'node:crypto';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { writtenDefault } from '../lib/settings.ts';
import { REDIRECTLESS_RESPONSE_MODE } from '../protocol/transport.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';
import { RequestKeyError, requestKeyOf } from '../simulator/oauth/request-key.ts';
import type { RequestAlgorithm, RequestKey } from '../simulator/oauth/request-key.ts';
import { withRequestToCome } from './request-to-come.ts';
import { givenIn } from './script-environment.ts';

type Environment = Readonly<Record<string, string>>;

/** How much longer than its plan a run's request object is good for: set-up, users who are put back, clocks. */
const MARGIN_MS = 3_600_000;

/** What a request object is to hold besides what the settings say. */
interface Requested {
  readonly lifetimeMs: number;
  readonly testDevice: boolean;
}

/**
 * Signs the request object of a run that starts flows for `lastsMs`, if there is a key for it: its script gets
 * PF_REQUEST_OBJECT in place of the key. Throws a ConfigurationError that never quotes the key.
 */
export async function signRequestOfRun(env: Record<string, string>, lastsMs: number): Promise<void> {
  if (givenIn(env, 'PF_REQUEST_KEY_FILE') === undefined) return;
  // Refuses a second request object beside it.
  withRequestToCome(env);
  env['PF_REQUEST_OBJECT'] = await signedRequest(env, { lifetimeMs: lifetimeFor(lastsMs), testDevice: true });
  delete env['PF_REQUEST_KEY_FILE'];
}

/** The lifetime of a request object for a plan of this length, unless another is said. */
export function lifetimeFor(lastsMs: number): number {
  return lastsMs + MARGIN_MS;
}

/**
 * A signed request object (OpenID Connect Core 6.1) for the client, scope and audience of the settings. What differs
 * from flow to flow, `state` and PKCE, stays in the query. Throws a ConfigurationError.
 */
export async function signedRequest(env: Environment, { lifetimeMs, testDevice }: Requested): Promise<string> {
  const said = (name: string): string => givenIn(env, name) ?? writtenDefault(name);
  const file = said('PF_REQUEST_KEY_FILE');
  const key = keyIn(file);
  const alg = algorithmOf(key, givenIn(env, 'PF_REQUEST_ALG'), file);
  const clientId = said('PF_CLIENT_ID');
  const now = Math.floor(Date.now() / 1000);
  const audience = givenIn(env, 'PF_REQUEST_AUDIENCE') ?? said('PF_BASE_URL').replace(/\/+$/, '');
  const claims = {
    client_id: clientId,
    response_type: 'code',
    response_mode: REDIRECTLESS_RESPONSE_MODE,
    scope: said('PF_SCOPE'),
    ...(testDevice && { 'pi.testDevice': 'allow' }),
  };
  // Loaded when it is needed: few runs sign anything.
  const { SignJWT } = await import('jose/jwt/sign');
  return new SignJWT(claims)
    .setProtectedHeader({ alg, typ: 'JWT', ...(key.kid !== undefined && { kid: key.kid }) })
    .setIssuer(clientId)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + Math.ceil(lifetimeMs / 1000))
    .setJti(randomUUID())
    .sign(key.key);
}

function keyIn(file: string): RequestKey {
  try {
    const key = requestKeyOf(readTextFile(file));
    if (key.key.type === 'public') throw new RequestKeyError('it is a public key; the private one signs');
    return key;
  } catch (error) {
    if (!(error instanceof RequestKeyError) && !(error instanceof TextFileError)) throw error;
    throw new ConfigurationError(`PF_REQUEST_KEY_FILE: ${file}: ${error.message}`);
  }
}

/** The algorithm that is said, if the key fits it, else the key's first. */
function algorithmOf({ algorithms, plain }: RequestKey, said: string | undefined, file: string): RequestAlgorithm {
  // A file that is just text may be anything.
  if (plain && said !== 'HS256')
    throw new ConfigurationError(
      `PF_REQUEST_KEY_FILE: ${file} is neither PEM nor a JWK; if it is the secret for HS256, set PF_REQUEST_ALG=HS256`,
    );
  const alg = said === undefined ? algorithms[0] : algorithms.find((name) => name === said);
  if (alg !== undefined) return alg;
  throw new ConfigurationError(`PF_REQUEST_ALG is ${said}, and the key in ${file} is for ${algorithms.join(' or ')}`);
}
