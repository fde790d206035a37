import { createHash } from 'node:crypto';
import type { TokenResponse } from '../../protocol/resources.ts';
import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { presentedClient, refuseClient } from './client-authentication.ts';
import type { PresentedClient } from './client-authentication.ts';
import type { Grant } from './codes.ts';
import { refuseOAuth } from './oauth-refusal.ts';
import { formParameters } from './parameters.ts';
import { makeAccessToken, signIdToken } from './tokens.ts';

/** RFC 6749 section 5.1: tokens must not be cached. */
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' } as const;

/** POST of the token endpoint: redeems a code, once. */
export async function redeemCode(deployment: Deployment, call: Call): Promise<Answer> {
  const form = formParameters(call);
  requireGrantType(form);
  const presented = presentedClient(call, form, deployment.clients);
  const code = form.get('code');
  if (code === undefined) throw refuseOAuth('invalid_request', 'code is missing.');
  const grant = findGrant(deployment, code, presented);
  requireSameRedirectUri(grant, form);
  requireProof(grant, presented, form.get('code_verifier'));
  deployment.codes.redeem(code);
  const response = await issueTokens(deployment, grant);
  deployment.counts.tokenIssued();
  return ok(response, NO_STORE);
}

function requireGrantType(form: ReadonlyMap<string, string>): void {
  const type = form.get('grant_type');
  if (type === undefined) throw refuseOAuth('invalid_request', 'grant_type is missing.');
  if (type !== 'authorization_code') {
    throw refuseOAuth('unsupported_grant_type', 'Only grant_type=authorization_code is supported.');
  }
}

function findGrant(deployment: Deployment, code: string, { client }: PresentedClient): Grant {
  const grant = deployment.codes.find(code, deployment.now());
  if (grant === undefined) throw refuseOAuth('invalid_grant', 'The code is unknown, redeemed or expired.');
  if (grant.client.id !== client.id) throw refuseOAuth('invalid_grant', 'The code was issued to another client.');
  return grant;
}

/** RFC 6749 section 4.1.3: must be the same as in the authorization request. */
function requireSameRedirectUri(grant: Grant, form: ReadonlyMap<string, string>): void {
  if ((form.get('redirect_uri') ?? null) !== grant.request.redirectUri) {
    throw refuseOAuth('invalid_grant', 'The redirect_uri is not that of the authorization request.');
  }
}

/** Secret or PKCE: at least one, none of them wrong. A challenge must be met even by a client with its secret. */
function requireProof(grant: Grant, { authenticated }: PresentedClient, verifier: string | undefined): void {
  const challenge = grant.request.codeChallenge;
  if (challenge === null) {
    if (verifier !== undefined) throw refuseOAuth('invalid_grant', 'The flow was started without a code_challenge.');
    if (!authenticated) throw refuseClient('The client secret is missing, and the flow was started without PKCE.');
    return;
  }
  if (verifier === undefined) throw refuseOAuth('invalid_grant', 'code_verifier is missing.');
  if (!fitsChallenge(verifier, challenge)) throw refuseOAuth('invalid_grant', 'The code_verifier is wrong.');
}

async function issueTokens(deployment: Deployment, grant: Grant): Promise<TokenResponse> {
  const openid = grant.request.scope.split(' ').includes('openid');
  const [accessToken, idToken] = await Promise.all([
    makeAccessToken(deployment, grant),
    openid ? signIdToken(deployment, grant) : undefined,
  ]);
  return {
    access_token: accessToken,
    ...(idToken === undefined ? {} : { id_token: idToken }),
    token_type: 'Bearer',
    expires_in: Math.floor(deployment.settings.tokenMs / 1000),
  };
}

/** RFC 7636 section 4.6: verifies an S256 challenge. */
function fitsChallenge(verifier: string, challenge: string): boolean {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false;
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}
