import { sha256 } from 'k6/crypto';
import { b64encode } from 'k6/encoding';
import { REDIRECTLESS_RESPONSE_MODE } from '../../protocol/transport.ts';
import type { Settings } from '../settings.ts';

/** Form fields and headers that authenticate the client at the token endpoint. */
interface ClientProof {
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Client authentication by secret, in the body or by HTTP Basic, or by id only (RFC 6749 section 2.3.1). */
export function clientProof({ clientAuth, clientId, clientSecret }: Settings): ClientProof {
  switch (clientAuth) {
    case 'none':
      return { fields: { client_id: clientId }, headers: {} };
    case 'post':
      return { fields: { client_id: clientId, client_secret: clientSecret }, headers: {} };
    case 'basic': {
      const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
      return { fields: {}, headers: { Authorization: `Basic ${b64encode(credentials)}` } };
    }
  }
}

/**
 * Code verifier of a flow: 43 characters (RFC 7636 section 4.1), derived from its unique state. It need not be secret
 * here, and real randomness costs more than the rest of building the request.
 */
export function codeVerifier(state: string): string {
  return sha256(`verifier ${state}`, 'base64rawurl');
}

/** S256 challenge of a verifier (RFC 7636 section 4.2). */
export function codeChallenge(verifier: string): string {
  return sha256(verifier, 'base64rawurl');
}

/** Fields as a form or a query (application/x-www-form-urlencoded). */
export function formEncode(fields: Readonly<Record<string, string>>): string {
  let form = '';
  for (const name in fields) form += `${form === '' ? '' : '&'}${name}=${encodeURIComponent(fields[name]!)}`;
  return form;
}

/**
 * Parameters of the authorization request of a redirectless flow (protocol.md section 1). `verifier`: PKCE code
 * verifier, or undefined without PKCE; `more`: further parameters. What differs from flow to flow stays beside a request
 * object, which is signed once (OpenID Connect Core 6.1).
 */
export function startParameters(
  { clientId, scope, requestObject }: Settings,
  state: string,
  verifier: string | undefined,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    client_id: clientId,
    response_type: 'code',
    response_mode: REDIRECTLESS_RESPONSE_MODE,
    scope,
    state,
    ...(verifier !== undefined && { code_challenge: codeChallenge(verifier), code_challenge_method: 'S256' }),
    ...(requestObject !== '' && { request: requestObject }),
    ...more,
  };
}
