import {
  baseUrl,
  choice,
  flag,
  matching,
  optional,
  path,
  secret,
  setting,
  parsedBy,
  text,
} from '../../contract/setting.ts';
import { customModelOf } from './custom-action.ts';
import { headerLines } from './headers.ts';
import { parametersOf } from './parameters.ts';

const word = matching(/^[A-Za-z0-9_.-]{1,60}$/, 'letters, digits, dots, - and _');

/** PingFederate, the OAuth client, and what a deployment does differently. */
export const TARGET = {
  baseUrl: setting('PF_BASE_URL', {
    parse: baseUrl,
    default: 'http://127.0.0.1:9031',
    meaning: 'base URL of the PingFederate runtime; all other URLs are derived from it',
  }),
  clientId: setting('PF_CLIENT_ID', {
    parse: text,
    default: 'pairstorm',
    meaning: 'OAuth client that may use pi.flow',
  }),
  clientSecret: setting('PF_CLIENT_SECRET', {
    parse: secret,
    meaning: 'client secret, sent in the token request; empty: a public client with PKCE (S256)',
  }),
  clientSecretFile: setting('PF_CLIENT_SECRET_FILE', {
    parse: path,
    meaning: 'file that contains the client secret',
  }),
  scope: setting('PF_SCOPE', { parse: text, default: 'openid', meaning: 'scope of the authorization request' }),
  statusClaim: setting('PF_STATUS_CLAIM', {
    parse: text,
    meaning: 'claim with the status attribute; empty: both documented names are read',
  }),
  state: setting('PF_STATE', {
    parse: choice('cookie', 'cookieless'),
    default: 'cookie',
    meaning: 'session of the client: the PF cookie, or X-Pf-Authn-Api-State',
  }),
  actionStyle: setting('PF_ACTION_STYLE', {
    parse: choice('type', 'query'),
    default: 'type',
    meaning: 'how an action is requested: by media type, or by ?action= with application/json',
  }),
  clientProof: setting('PF_CLIENT_AUTH', {
    parse: optional(choice('pkce', 'post', 'basic', 'post+pkce', 'basic+pkce')),
    meaning:
      'client authentication: secret in the body (post) or by HTTP Basic, PKCE, or both; empty: post with a secret, pkce without',
  }),
  statusFrom: setting('PF_STATUS_FROM', {
    parse: choice('tokens', 'access_token', 'id_token', 'userinfo', 'introspection'),
    default: 'tokens',
    meaning:
      'source of the status attribute: a claim of a token (tokens: either), of the userinfo response, or of the introspection of an access token that is not a JWT',
  }),
  parameters: setting('PF_PARAMETERS', {
    parse: parsedBy({}, (pairs, complain) => parametersOf('PF_PARAMETERS', pairs.split('&'), complain)),
    meaning:
      'additional parameters of the authorization request, such as acr_values=mfa&pfidpadapterid=mfa&login_hint={{username}}',
  }),
  parametersFile: setting('PF_PARAMETERS_FILE', {
    parse: path,
    meaning: 'file of such parameters, one per line; use it for secret ones',
  }),
  customStatus: setting('PF_CUSTOM_STATUS', {
    parse: word,
    meaning: 'status that asks for a custom first factor',
  }),
  customActionName: setting('PF_CUSTOM_ACTION', { parse: word, meaning: 'action of the custom first factor' }),
  customModel: setting('PF_CUSTOM_BODY', {
    parse: parsedBy(undefined, customModelOf),
    meaning: 'JSON model of that action; {{username}} and {{password}} are replaced by those of the user',
  }),
  requestObject: setting('PF_REQUEST_OBJECT', {
    parse: secret,
    meaning:
      'signed request object (docs/test-users.md), sent as the parameter request; made by pairstorm request-object; empty: none',
  }),
  requestKeyFile: setting('PF_REQUEST_KEY_FILE', {
    parse: path,
    meaning:
      'key (PEM, JWK, or the secret for HS256) with which pairstorm signs a request object for each run; not under k6',
  }),
  requestAlg: setting('PF_REQUEST_ALG', {
    parse: text,
    meaning:
      'its algorithm (RS256, ES256, PS256, HS256); empty: the one of a JWK, else RS256 for an RSA and ES256 for an EC key',
  }),
  requestAudience: setting('PF_REQUEST_AUDIENCE', {
    parse: text,
    meaning: 'its audience, the issuer that PingFederate calls itself; empty: PF_BASE_URL',
  }),
  headers: setting('PF_HEADERS', {
    parse: parsedBy({}, (lines, complain) => headerLines('PF_HEADERS', lines.split(';'), complain)),
    meaning: 'additional headers of every request to PingFederate, such as X-Environment: staging; X-Team: sso',
  }),
  headersFile: setting('PF_HEADERS_FILE', {
    parse: path,
    meaning: 'file of such headers, one per line; use it for secret ones',
  }),
};

/** The client's certificate, and verification of PingFederate's. */
export const TLS = {
  tlsClientCert: setting('TLS_CLIENT_CERT', {
    parse: path,
    meaning: 'client certificate (PEM file)',
  }),
  tlsClientKey: setting('TLS_CLIENT_KEY', { parse: path, meaning: 'key of the client certificate (PEM file)' }),
  tlsClientKeyPassword: setting('TLS_CLIENT_KEY_PASSWORD', { parse: secret, meaning: 'password of the key' }),
  tlsClientKeyPasswordFile: setting('TLS_CLIENT_KEY_PASSWORD_FILE', {
    parse: path,
    meaning: 'file that contains the password',
  }),
  tlsSkipVerify: setting('TLS_SKIP_VERIFY', {
    parse: flag,
    default: false,
    meaning: 'do not verify the certificate of PingFederate',
  }),
};
