import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { STATUS_ATTRIBUTES, STATUS_PREFIX } from '../../protocol/status-attribute.ts';
import type { Deployment } from '../deployment.ts';
import type { Grant } from './codes.ts';
import { signJwt, verifyJwt } from './signing-key.ts';

/** `typ` of an access token (RFC 9068 section 2.1). */
const ACCESS_TOKEN = 'at+jwt';

/** An access token: a JWT that carries the status attribute. */
export function signAccessToken(deployment: Deployment, grant: Grant): Promise<string> {
  const own = { client_id: grant.client.id, scope: grant.request.scope, username: grant.user.username };
  return signJwt(deployment.key, ACCESS_TOKEN, { ...commonClaims(deployment, grant), ...own });
}

/** An ID token (OpenID Connect Core section 2) with the status attribute as well. */
export function signIdToken(deployment: Deployment, grant: Grant): Promise<string> {
  const { nonce, acr } = grant.request;
  const own = {
    auth_time: Math.floor(deployment.now() / 1000),
    given_name: grant.user.firstName,
    family_name: grant.user.lastName,
    ...(nonce === null ? {} : { nonce }),
    ...(acr === null ? {} : { acr: acr.split(' ')[0] }),
  };
  return signJwt(deployment.key, 'JWT', { ...commonClaims(deployment, grant), ...own });
}

/** Claims of an access token of ours that has not expired; null otherwise. */
export function readAccessToken(deployment: Deployment, token: string): Promise<JWTPayload | null> {
  return verifyJwt(deployment.key, ACCESS_TOKEN, token, deployment.now());
}

/** The claim that carries the status attribute, for a contract mapping of this name; `none` maps nothing. */
export function statusClaim(attribute: string, grant: Pick<Grant, 'result' | 'additionalDevice'>): JWTPayload {
  if (attribute === 'none') return {};
  const errorOfAdditional = grant.result === 'pairing_error' && grant.additionalDevice;
  const name = errorOfAdditional && attribute === STATUS_ATTRIBUTES[0] ? STATUS_ATTRIBUTES[1] : attribute;
  return { [name]: STATUS_PREFIX + grant.result };
}

function commonClaims(deployment: Deployment, grant: Grant): JWTPayload {
  const issuedAt = Math.floor(deployment.now() / 1000);
  return {
    iss: deployment.baseUrl,
    sub: grant.subject,
    aud: grant.client.id,
    iat: issuedAt,
    exp: issuedAt + Math.floor(deployment.settings.tokenMs / 1000),
    jti: randomUUID(),
    ...statusClaim(deployment.settings.statusAttribute, grant),
  };
}
