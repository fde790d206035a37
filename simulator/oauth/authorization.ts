import { REDIRECTLESS_RESPONSE_MODE } from '../../protocol/transport.ts';
import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { beginFirstFactor } from '../first-factor.ts';
import { sessionHeaders } from '../flow-endpoint.ts';
import { viewFlow } from '../flow-view.ts';
import { newFlow } from '../flows.ts';
import type { AuthorizationRequest } from '../model.ts';
import { newSession } from '../session.ts';
import type { OAuthClient } from '../settings/oauth.ts';
import { refuseOAuth } from './oauth-refusal.ts';
import { authorizationParameters } from './parameters.ts';
import { withRequestObject } from './request-object.ts';

/** GET or POST of the authorization endpoint: starts a redirectless flow in a new session. */
export async function startFlow(deployment: Deployment, call: Call): Promise<Answer> {
  const sent = authorizationParameters(call);
  const { client, request } = readAuthorizationRequest(sent, await withRequestObject(deployment, sent), deployment);
  const flow = newFlow(deployment.flows.newId(), client, request, newSession(), deployment.now());
  beginFirstFactor(deployment, flow);
  deployment.flows.add(flow);
  const view = await viewFlow(deployment, flow);
  deployment.counts.started(request.state);
  return ok(view, sessionHeaders(deployment, flow));
}

/** Longest accepted parameter, such as `state` or `nonce`. */
const MAX_LENGTH = 2000;
/** Longest request object. */
const MAX_REQUEST = 8000;

/** Validates an authorization request; throws the applicable error of RFC 6749 or RFC 7636. */
function readAuthorizationRequest(
  sent: ReadonlyMap<string, string>,
  { parameters, testDevice }: Awaited<ReturnType<typeof withRequestObject>>,
  { clients, settings }: Pick<Deployment, 'clients' | 'settings'>,
): { client: OAuthClient; request: AuthorizationRequest } {
  const client = findClient(parameters, clients);
  requireCodeResponse(parameters);
  requireRedirectless(parameters);
  if (settings.redirectless === 'off') {
    throw refuseOAuth('unauthorized_client', 'The client is not allowed to use redirectless flows.');
  }
  requireModestLengths(sent);
  const read = (name: string): string | null => parameters.get(name) ?? null;
  const request = {
    scope: read('scope') ?? 'openid',
    state: read('state'),
    nonce: read('nonce'),
    acr: read('acr_values'),
    loginHint: read('login_hint'),
    redirectUri: read('redirect_uri'),
    codeChallenge: readCodeChallenge(parameters),
    testDevice,
  };
  return { client, request };
}

function findClient(parameters: ReadonlyMap<string, string>, clients: ReadonlyMap<string, OAuthClient>): OAuthClient {
  const id = parameters.get('client_id');
  if (id === undefined) throw refuseOAuth('invalid_request', 'client_id is missing.');
  const client = clients.get(id);
  if (client === undefined) throw refuseOAuth('invalid_client', 'The client_id is unknown.');
  return client;
}

function requireCodeResponse(parameters: ReadonlyMap<string, string>): void {
  const type = parameters.get('response_type');
  if (type === undefined) throw refuseOAuth('invalid_request', 'response_type is missing.');
  if (type !== 'code') throw refuseOAuth('unsupported_response_type', 'Only response_type=code is supported.');
}

function requireRedirectless(parameters: ReadonlyMap<string, string>): void {
  if (parameters.get('response_mode') === REDIRECTLESS_RESPONSE_MODE) return;
  throw refuseOAuth('invalid_request', `Only response_mode=${REDIRECTLESS_RESPONSE_MODE} is supported.`);
}

function requireModestLengths(parameters: ReadonlyMap<string, string>): void {
  for (const [name, value] of parameters) {
    if (value.length > (name === 'request' ? MAX_REQUEST : MAX_LENGTH))
      throw refuseOAuth('invalid_request', 'A parameter is too long.');
  }
}

/** RFC 7636 section 4.3: an absent method means `plain`, which is rejected like an explicit one. */
function readCodeChallenge(parameters: ReadonlyMap<string, string>): string | null {
  const challenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  if (challenge === undefined) {
    if (method === undefined) return null;
    throw refuseOAuth('invalid_request', 'code_challenge_method is present without a code_challenge.');
  }
  if (method !== 'S256') throw refuseOAuth('invalid_request', 'Only code_challenge_method=S256 is accepted.');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    throw refuseOAuth('invalid_request', 'The code_challenge is not a SHA-256 in base64url.');
  }
  return challenge;
}
