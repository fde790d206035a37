import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { decodeJwt } from 'jose/jwt/decode';
import { KIT_4_ATTRIBUTES, STATUS_ATTRIBUTES, STATUS_PREFIX } from '../../protocol/status-attribute.ts';
import type { Deployment } from '../deployment.ts';
import type { SimulatorSettings } from '../settings.ts';
import type { StatusPlace } from '../settings/oauth.ts';
import type { Grant } from './codes.ts';
import { seal, unseal } from './seal.ts';
import { signJwt, verifyJwt } from './signing-key.ts';

/** `typ` of an access token (RFC 9068 section 2.1). */
const ACCESS_TOKEN = 'at+jwt';

/** Claim with the encrypted status attribute, which the token's reader must not see. */
const SEALED = 'sealed_status';

interface AccessTokenContent {
  /** Claims without the status attribute. */
  readonly claims: JWTPayload;
  /** The claim of the status attribute, wherever the contract mapping puts it. */
  readonly status: JWTPayload;
}

/** A JWT or an opaque reference, depending on settings. */
export async function makeAccessToken(deployment: Deployment, grant: Grant): Promise<string> {
  const { settings, key, sealKey } = deployment;
  const own = { client_id: grant.client.id, scope: grant.request.scope, username: grant.user.username };
  const claims = { ...commonClaims(deployment, grant), ...own };
  const status = statusClaim(settings, grant);
  if (settings.accessToken === 'opaque') return seal(sealKey, JSON.stringify({ claims, status }));
  const carried = showsStatus(settings, 'access_token') ? status : { [SEALED]: seal(sealKey, JSON.stringify(status)) };
  return signJwt(key, ACCESS_TOKEN, { ...claims, ...carried });
}

/** Signs an ID token (OpenID Connect Core section 2). */
export function signIdToken(deployment: Deployment, grant: Grant): Promise<string> {
  const { nonce, acr } = grant.request;
  const claims = {
    ...commonClaims(deployment, grant),
    ...(showsStatus(deployment.settings, 'id_token') ? statusClaim(deployment.settings, grant) : {}),
    auth_time: Math.floor(deployment.wallClock() / 1000),
    given_name: grant.user.firstName,
    family_name: grant.user.lastName,
    ...(nonce === null ? {} : { nonce }),
    ...(acr === null ? {} : { acr: acr.split(' ')[0] }),
  };
  return signJwt(deployment.key, 'JWT', claims);
}

/** Content of an access token; null if it is not ours or has expired. */
export async function readAccessToken(deployment: Deployment, token: string): Promise<AccessTokenContent | null> {
  if (deployment.settings.accessToken === 'opaque') return readOpaque(deployment, token);
  const payload = await verifyJwt(deployment.key, ACCESS_TOKEN, token, deployment.wallClock());
  if (payload === null) return null;
  const { [SEALED]: sealed, ...claims } = payload;
  if (typeof sealed !== 'string') return splitStatus(claims, deployment.settings.statusAttribute);
  return { claims, status: JSON.parse(unseal(deployment.sealKey, sealed) ?? '{}') as JWTPayload };
}

/** The user name in an access token, unverified; undefined if there is none. */
export function peekUsername(deployment: Deployment, token: string): unknown {
  if (deployment.settings.accessToken === 'opaque') return readOpaque(deployment, token)?.claims['username'];
  try {
    return decodeJwt(token)['username'];
  } catch {
    return undefined;
  }
}

function readOpaque({ sealKey, wallClock }: Deployment, token: string): AccessTokenContent | null {
  const text = unseal(sealKey, token);
  if (text === null) return null;
  const content = JSON.parse(text) as AccessTokenContent;
  return (content.claims.exp ?? 0) * 1000 > wallClock() ? content : null;
}

function splitStatus(payload: JWTPayload, attribute: string): AccessTokenContent {
  const isStatus = ([name]: [string, unknown]): boolean =>
    name === attribute || [STATUS_ATTRIBUTES[1], ...KIT_4_ATTRIBUTES].some((own) => own === name);
  const entries = Object.entries(payload);
  return {
    claims: Object.fromEntries(entries.filter((entry) => !isStatus(entry))),
    status: Object.fromEntries(entries.filter(isStatus)),
  };
}

function commonClaims(deployment: Deployment, grant: Grant): JWTPayload {
  const issuedAt = Math.floor(deployment.wallClock() / 1000);
  return {
    iss: deployment.baseUrl,
    sub: grant.subject,
    aud: grant.client.id,
    iat: issuedAt,
    exp: issuedAt + Math.floor(deployment.settings.tokenMs / 1000),
    jti: randomUUID(),
  };
}

/** The claims of the adapter, for a contract mapping of its status attribute to this name; `none`: no claim. */
function statusClaim({ statusAttribute: attribute, kit }: SimulatorSettings, grant: Grant): JWTPayload {
  if (attribute === 'none') return {};
  const ofKit =
    kit === '4'
      ? { [KIT_4_ATTRIBUTES[0]]: grant.deviceId ?? '', [KIT_4_ATTRIBUTES[1]]: String(grant.additionalDevice) }
      : {};
  const errorOfAdditional = grant.result === 'pairing_error' && grant.additionalDevice;
  const name = errorOfAdditional && attribute === STATUS_ATTRIBUTES[0] ? STATUS_ATTRIBUTES[1] : attribute;
  return { [name]: STATUS_PREFIX + grant.result, ...ofKit };
}

/** Whether the contract mapping puts the status attribute into this place. */
export function showsStatus({ statusIn }: Pick<SimulatorSettings, 'statusIn'>, place: StatusPlace): boolean {
  return statusIn === 'everywhere' || statusIn === place;
}
