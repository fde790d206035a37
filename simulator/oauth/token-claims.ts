import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { presentedClient, refuseClient } from './client-authentication.ts';
import { refuseOAuth } from './oauth-refusal.ts';
import { formParameters } from './parameters.ts';
import { readAccessToken, showsStatus } from './tokens.ts';

/** Claims that are not about the user. */
const TOKEN_CLAIMS = new Set(['iss', 'aud', 'iat', 'exp', 'jti', 'client_id', 'scope']);

/** GET of the userinfo endpoint (OpenID Connect Core section 5.3): the claims behind a bearer token. */
export async function readUserinfo(deployment: Deployment, call: Call): Promise<Answer> {
  const token = /^Bearer ([A-Za-z0-9._-]+)$/i.exec(call.headers.authorization ?? '')?.[1];
  const content = token === undefined ? null : await readAccessToken(deployment, token);
  if (content === null) {
    throw refuseOAuth('invalid_token', 'The access token is missing, expired or unknown.', {
      'www-authenticate': 'Bearer error="invalid_token"',
    });
  }
  const own = Object.entries(content.claims).filter(([name]) => !TOKEN_CLAIMS.has(name));
  return ok({ ...Object.fromEntries(own), ...(showsStatus(deployment.settings, 'userinfo') ? content.status : {}) });
}

/** POST of the introspection endpoint (RFC 7662); requires the client's secret. */
export async function introspectToken(deployment: Deployment, call: Call): Promise<Answer> {
  const form = formParameters(call);
  const { authenticated } = presentedClient(call, form, deployment.clients);
  if (!authenticated) throw refuseClient('The client secret is missing.');
  const content = await readAccessToken(deployment, form.get('token') ?? '');
  if (content === null) return ok({ active: false });
  const status = showsStatus(deployment.settings, 'introspection') ? content.status : {};
  return ok({ active: true, token_type: 'Bearer', ...content.claims, ...status });
}
