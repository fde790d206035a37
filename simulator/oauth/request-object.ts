import { createPublicKey } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { JOSEError, JWTClaimValidationFailed, JWTExpired } from 'jose/errors';
import { jwtVerify } from 'jose/jwt/verify';
import { PATHS } from '../../protocol/transport.ts';
import type { Deployment } from '../deployment.ts';
import { refuseOAuth } from './oauth-refusal.ts';

/** Parameters of an authorization request, and whether a signed request object allows test devices. */
interface RequestedParameters {
  readonly parameters: ReadonlyMap<string, string>;
  readonly testDevice: boolean;
}

/**
 * The parameters with those of the request object, if there is one (OpenID Connect Core 6.1): its values win; those
 * beside it are used or ignored. `pi.testDevice` counts only inside (protocol.md section 9). Throws
 * invalid_request_object, or request_not_supported without a key.
 */
export async function withRequestObject(
  deployment: Deployment,
  parameters: ReadonlyMap<string, string>,
): Promise<RequestedParameters> {
  const jwt = parameters.get('request');
  if (jwt === undefined) return { parameters, testDevice: false };
  const claims = await verified(deployment, jwt);
  const id = claims['client_id'];
  if (id !== parameters.get('client_id') || (claims.iss !== undefined && claims.iss !== id)) {
    throw refused('its client_id is not that of the request');
  }
  if ('request' in claims || 'request_uri' in claims) throw refused('it holds a request object');
  const inside = Object.entries(claims).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const type = parameters.get('response_type');
  if (type !== undefined && typeof claims['response_type'] === 'string' && claims['response_type'] !== type)
    throw refused('its response_type is not that of the request');
  const beside = deployment.settings.besideRequest === 'used' ? parameters : [];
  return { parameters: new Map([...beside, ...inside]), testDevice: claims['pi.testDevice'] === 'allow' };
}

async function verified({ requestKey, baseUrl, wallClock }: Deployment, jwt: string): Promise<JWTPayload> {
  if (requestKey === null) throw refuseOAuth('request_not_supported', 'Request objects are not supported.');
  const { key, algorithms } = requestKey;
  try {
    const options = {
      algorithms: [...algorithms],
      audience: [baseUrl, baseUrl + PATHS.authorization, baseUrl + PATHS.token],
      currentDate: new Date(wallClock()),
      requiredClaims: ['exp', 'client_id'],
    };
    return (await jwtVerify(jwt, key.type === 'private' ? createPublicKey(key) : key, options)).payload;
  } catch (error) {
    if (error instanceof JWTExpired) throw refused('it has expired');
    if (error instanceof JWTClaimValidationFailed) throw refused(`its claim ${error.claim} is missing or wrong`);
    if (error instanceof JOSEError || error instanceof TypeError) throw refused('its signature is not valid');
    throw error;
  }
}

/** RFC 9101 section 10: the description says why. */
function refused(why: string): Error {
  return refuseOAuth('invalid_request_object', `The request object is refused: ${why}.`);
}
