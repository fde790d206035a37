import { PATHS, REDIRECTLESS_RESPONSE_MODE } from '../../protocol/transport.ts';
import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Deployment } from '../deployment.ts';

/** GET of the discovery document (OpenID Connect Discovery section 3). */
export function readDiscovery({ baseUrl, key }: Deployment): Answer {
  return ok({
    issuer: baseUrl,
    authorization_endpoint: baseUrl + PATHS.authorization,
    token_endpoint: baseUrl + PATHS.token,
    userinfo_endpoint: baseUrl + PATHS.userinfo,
    introspection_endpoint: baseUrl + PATHS.introspect,
    jwks_uri: baseUrl + PATHS.jwks,
    response_types_supported: ['code'],
    response_modes_supported: [REDIRECTLESS_RESPONSE_MODE],
    grant_types_supported: ['authorization_code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    id_token_signing_alg_values_supported: [key.alg],
    subject_types_supported: ['public'],
    scopes_supported: ['openid'],
  });
}

/** GET of the key set (RFC 7517 section 5): the single signing key. */
export function readJwks({ key }: Deployment): Answer {
  return ok({ keys: [key.jwk] });
}
