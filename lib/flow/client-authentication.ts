import { sha256 } from 'k6/crypto';
import { b64encode } from 'k6/encoding';
import { REDIRECTLESS_RESPONSE_MODE } from '../../protocol/transport.ts';
import type { PlayedSettings } from '../played-plan.ts';

/** Fields of a form or a query; an undefined one is left out. */
type FormFields = Readonly<Record<string, string | undefined>>;

/**
 * A form for the token endpoint, and its headers: the client authenticates by secret, in the body or by HTTP Basic, or
 * by id only (RFC 6749 section 2.3.1).
 */
export function clientForm(
  { clientAuth, clientId, clientSecret }: PlayedSettings,
  fields: FormFields,
): { readonly form: string; readonly headers: Record<string, string> } {
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded' };
  let form = formEncode(fields);
  if (clientAuth === 'basic')
    headers['Authorization'] =
      `Basic ${b64encode(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}`;
  else
    form += `&${formEncode({ client_id: clientId, client_secret: clientAuth === 'post' ? clientSecret : undefined })}`;
  return { form, headers };
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
export function formEncode(fields: FormFields): string {
  let form = '';
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== undefined) form += `${form === '' ? '' : '&'}${name}=${encodeURIComponent(value)}`;
  }
  return form;
}

/**
 * Parameters of the authorization request of a redirectless flow (protocol.md section 1). `verifier`: PKCE code
 * verifier, or undefined without PKCE; `more`: further parameters. What differs from flow to flow stays beside a request
 * object, which is signed once (OpenID Connect Core 6.1).
 */
export function startParameters(
  { clientId, scope, requestObject }: PlayedSettings,
  state: string,
  verifier: string | undefined,
  more: Readonly<Record<string, string>>,
): FormFields {
  // Fields listed one by one: in V8 each spread costs more than all of them.
  const query: Record<string, string | undefined> = {
    client_id: clientId,
    response_type: 'code',
    response_mode: REDIRECTLESS_RESPONSE_MODE,
    scope,
    state,
    code_challenge: verifier && codeChallenge(verifier),
    code_challenge_method: verifier && 'S256',
    request: requestObject || undefined,
  };
  return Object.assign(query, more);
}
