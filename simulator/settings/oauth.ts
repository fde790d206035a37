import { Wrong, choice, matching, path, setting } from '../../contract/setting.ts';
import type { Parser, ValuesOf } from '../../contract/setting.ts';
import { STATUS_ATTRIBUTES } from '../../protocol/status-attribute.ts';
import { LIFETIME } from './pace.ts';

/** An OAuth client. It may use its secret (post or basic) or PKCE. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** True: the session is carried in `_pf_authn_api_state` instead of the cookie. */
  readonly cookieless: boolean;
}

/** The default clients. */
export const OAUTH_CLIENTS: readonly [OAuthClient, ...OAuthClient[]] = [
  { id: 'pairstorm', secret: 'pairstorm-secret', cookieless: false },
  { id: 'pairstorm-cookieless', secret: 'pairstorm-secret', cookieless: true },
];

/** Can be set by programs only, not on the command line. */
const clients: Parser<readonly OAuthClient[]> = {
  type: 'list',
  none: OAUTH_CLIENTS,
  read: (given) => (isClients(given) ? given : new Wrong('write a list of OAuth clients')),
};

function isClients(given: unknown): given is readonly OAuthClient[] {
  return Array.isArray(given);
}

/** OAuth clients and their tokens. */
export const OAUTH_SETTINGS = {
  clients: setting('clients', { parse: clients, unit: 'list', meaning: 'OAuth clients' }),
  redirectless: setting('redirectless', {
    parse: choice('on', 'off'),
    default: 'on',
    meaning: 'off: no client is allowed to use redirectless flows (unauthorized_client)',
  }),
  requestKeyFile: setting('requestKeyFile', {
    parse: path,
    unit: 'file',
    meaning:
      'key of the clients’ request objects (PEM, JWK, or the secret of HS256); empty: a request object is refused (request_not_supported)',
  }),
  besideRequest: setting('besideRequest', {
    parse: choice('used', 'ignored'),
    default: 'used',
    meaning:
      'parameters beside a request object: used if it does not hold them (OpenID Connect Core 6.1), or ignored (RFC 9101)',
  }),
  statusAttribute: setting('statusAttribute', {
    parse: matching(/^[\w.:/-]+$/, 'a claim name'),
    default: STATUS_ATTRIBUTES[0],
    unit: 'claim name',
    meaning: 'claim with the status attribute; none: the claim is absent',
  }),
  statusIn: setting('statusIn', {
    parse: choice('everywhere', 'access_token', 'id_token', 'userinfo', 'introspection'),
    default: 'everywhere',
    meaning: 'where that claim is: everywhere, or in only one place',
  }),
  accessToken: setting('accessToken', {
    parse: choice('jwt', 'opaque'),
    default: 'jwt',
    meaning: 'opaque: a reference that only userinfo and introspection can read',
  }),
  kit: setting('kit', {
    parse: choice('3', '4'),
    default: '3',
    meaning: 'integration kit; 4: tokens also hold pingone.mfa.device.id and pingone.mfa.enrollment, as 4.0 has them',
  }),
  codeMs: setting('codeMs', { ...LIFETIME, default: 60_000, meaning: 'lifetime of an authorization code' }),
  tokenMs: setting('tokenMs', {
    ...LIFETIME,
    default: 7_200_000,
    meaning: 'lifetime of the tokens (expires_in; not scaled by timeScale)',
  }),
  signing: setting('signing', {
    parse: choice('ES256', 'RS256'),
    default: 'ES256',
    meaning: 'signature algorithm of tokens; RS256 takes about ten times the CPU',
  }),
};

/** Where the status attribute is: in all of these places, or only in one. */
export type StatusPlace = ValuesOf<typeof OAUTH_SETTINGS>['statusIn'];
