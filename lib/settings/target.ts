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

/** PingFederate, the OAuth client, and a deployment's own ways. */
export const TARGET = {
  baseUrl: setting('PF_BASE_URL', {
    parse: baseUrl,
    default: 'http://127.0.0.1:9031',
    meaning: 'base URL of PingFederate’s runtime; all other URLs are built from it',
  }),
  clientId: setting('PF_CLIENT_ID', {
    parse: text,
    default: 'pairstorm',
    meaning: 'OAuth client that may use pi.flow',
  }),
  clientSecret: setting('PF_CLIENT_SECRET', {
    parse: secret,
    meaning: 'its secret, sent in the token request; empty: a public client with PKCE (S256)',
  }),
  clientSecretFile: setting('PF_CLIENT_SECRET_FILE', {
    parse: path,
    meaning: 'a file that holds the secret, instead',
  }),
  scope: setting('PF_SCOPE', { parse: text, default: 'openid', meaning: 'scope of the authorization request' }),
  statusClaim: setting('PF_STATUS_CLAIM', {
    parse: text,
    meaning: 'claim that carries the status attribute; empty: both documented names are read',
  }),
  state: setting('PF_STATE', {
    parse: choice('cookie', 'cookieless'),
    default: 'cookie',
    meaning: 'how the client carries its session: the PF cookie, or X-Pf-Authn-Api-State',
  }),
  actionStyle: setting('PF_ACTION_STYLE', {
    parse: choice('type', 'query'),
    default: 'type',
    meaning: 'how an action is named: by media type, or by ?action= with application/json',
  }),
  clientProof: setting('PF_CLIENT_AUTH', {
    parse: optional(choice('pkce', 'post', 'basic', 'post+pkce', 'basic+pkce')),
    meaning:
      'how the client proves itself: its secret in the body (post) or by HTTP Basic, PKCE, or both; empty: post with a secret, pkce without',
  }),
  statusFrom: setting('PF_STATUS_FROM', {
    parse: choice('tokens', 'access_token', 'id_token', 'userinfo', 'introspection'),
    default: 'tokens',
    meaning:
      'where the status attribute is: a claim of a token (tokens: of either), of the userinfo answer, or of the introspection of an access token that is not a JWT',
  }),
  parameters: setting('PF_PARAMETERS', {
    parse: parsedBy({}, (pairs, complain) => parametersOf('PF_PARAMETERS', pairs.split('&'), complain)),
    meaning:
      'more parameters of the authorization request, as acr_values=mfa&pfidpadapterid=mfa&login_hint={{username}}',
  }),
  parametersFile: setting('PF_PARAMETERS_FILE', {
    parse: path,
    meaning: 'a file of such parameters, one a line; the place for those with a key',
  }),
  customStatus: setting('PF_CUSTOM_STATUS', {
    parse: word,
    meaning: 'status in which a first factor of the deployment’s own is due',
  }),
  customActionName: setting('PF_CUSTOM_ACTION', { parse: word, meaning: 'the action that is then performed' }),
  customModel: setting('PF_CUSTOM_BODY', {
    parse: parsedBy(undefined, customModelOf),
    meaning: 'its JSON model; {{username}} and {{password}} stand for the user’s',
  }),
  headers: setting('PF_HEADERS', {
    parse: parsedBy({}, (lines, complain) => headerLines('PF_HEADERS', lines.split(';'), complain)),
    meaning: 'more headers of every request to PingFederate, as X-Environment: staging; X-Team: sso',
  }),
  headersFile: setting('PF_HEADERS_FILE', {
    parse: path,
    meaning: 'a file of such headers, one a line; the place for secret ones',
  }),
};

/** Certificates, ours and PingFederate's. */
export const TLS = {
  tlsClientCert: setting('TLS_CLIENT_CERT', {
    parse: path,
    meaning: 'client certificate that PingFederate is shown (PEM file)',
  }),
  tlsClientKey: setting('TLS_CLIENT_KEY', { parse: path, meaning: 'its key (PEM file)' }),
  tlsClientKeyPassword: setting('TLS_CLIENT_KEY_PASSWORD', { parse: secret, meaning: 'password of that key' }),
  tlsClientKeyPasswordFile: setting('TLS_CLIENT_KEY_PASSWORD_FILE', {
    parse: path,
    meaning: 'a file that holds the password, instead',
  }),
  tlsSkipVerify: setting('TLS_SKIP_VERIFY', {
    parse: flag,
    default: false,
    meaning: 'accept certificates that cannot be verified',
  }),
};
