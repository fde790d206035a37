/** Paths, headers and names of the transport. protocol.md section 1. */

/** Paths below the base URL. [doc] [widget] */
export const PATHS = {
  authorization: '/as/authorization.oauth2',
  flows: '/pf-ws/authn/flows',
  token: '/as/token.oauth2',
  introspect: '/as/introspect.oauth2',
  userinfo: '/idp/userinfo.openid',
  jwks: '/pf/JWKS',
  discovery: '/.well-known/openid-configuration',
  heartbeat: '/pf/heartbeat.ping',
} as const;

/** Any non-empty value works; required by `flows`, but not by a start. [widget] [android] [ios] [measured] */
export const XSRF_HEADER = { name: 'X-XSRF-Header', value: 'PingFederate' } as const;

/**
 * Headers of an answer under a rate limit. PingOne documents only `Retry-After`, in seconds, with a 429; the others are
 * common in gateways in front of PingFederate. [doc] [choice]
 */
export const RATE_LIMIT_HEADERS = {
  retryAfter: 'Retry-After',
  limit: 'X-RateLimit-Limit',
  remaining: 'X-RateLimit-Remaining',
  reset: 'X-RateLimit-Reset',
} as const;

/** Name of the session cookie; its value may change on every response. [doc] */
export const SESSION_COOKIE = 'PF';

/** Cookieless mode: the field in every response, and the header that returns its value. [widget] */
export const COOKIELESS = { field: '_pf_authn_api_state', header: 'X-Pf-Authn-Api-State' } as const;

/** `application/vnd.pingidentity.{actionId}+json` names the action. [doc] [widget] */
export const ACTION_MEDIA_TYPE = { prefix: 'application/vnd.pingidentity.', suffix: '+json' } as const;

/** Names the action instead in this query parameter, with `application/json`. [doc] [widget] */
export const ACTION_QUERY_PARAMETER = 'action';

/**
 * Content types of a JSON start request, with its parameters in the query, the body or both. The second is Android's,
 * with `{}`; the third iOS's, with all parameters in `protocolParameters`. [android] [ios] [measured]
 */
export const START_JSON_TYPES = [
  'application/json',
  'application/vnd.pingidentity.authorization.oauth2+json',
  'application/vnd.pingidentity.initiateOAuthAuthorization+json',
] as const;
export const START_PARAMETERS_FIELD = 'protocolParameters';

/** `response_mode` of a redirectless flow. [doc] */
export const REDIRECTLESS_RESPONSE_MODE = 'pi.flow';

/** Maximum length of a flow id, which consists of ASCII letters and digits. [widget] */
export const FLOW_ID_MAX_LENGTH = 30;

/** Runtime port of PingFederate. [doc] */
export const RUNTIME_PORT = 9031;
