import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PATHS } from '../../protocol/transport.ts';
import { CLIENT, START, claimsOf, payloadOf, redeem, replyOf } from './player.ts';
import type { Player } from './player.ts';
import { stage } from './stage.ts';
import type { Stage } from './stage.ts';

let simulator: Stage;
let player: Player;
beforeAll(async () => {
  simulator = await stage();
});
afterAll(() => simulator.close());
beforeEach(() => {
  player = simulator.player();
});

/** Drives a flow to its code; extra parameters go to the authorization request. */
async function codeOf(extra: Record<string, string> = {}): Promise<string> {
  await player.signIn('new', extra);
  await player.act('authenticate', { mobilePayload: payloadOf() });
  await player.act('continueAuthentication');
  return player.last.authorizeResponse!.code!;
}

const VERIFIER = 'a-verifier-of-forty-three-characters-or-more-0123';
const PKCE = {
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};

describe('the start of a flow', () => {
  const url = (): string => simulator.url + PATHS.authorization;
  const headers = { 'X-XSRF-Header': 'x' };
  const form = new URLSearchParams(START);
  const query = form.toString();

  it.each([
    ['GET with the query', () => fetch(`${url()}?${query}`, { headers })],
    ['POST with a form body', () => fetch(url(), { method: 'POST', headers, body: form })],
    [
      'POST with the query and a JSON body',
      () =>
        fetch(`${url()}?${query}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: '{}',
        }),
    ],
  ])('works by %s', async (_how, request) => {
    expect((await replyOf(await request())).flow.status).toBe('USERNAME_PASSWORD_REQUIRED');
  });

  it.each([
    [401, 'invalid_client', { client_id: 'nobody' }],
    [400, 'invalid_request', { client_id: '' }],
    [400, 'unsupported_response_type', { response_type: 'token' }],
    [400, 'invalid_request', { response_mode: 'query' }],
    [400, 'invalid_request', { code_challenge: 'short', code_challenge_method: 'S256' }],
    [400, 'invalid_request', { code_challenge: PKCE.code_challenge, code_challenge_method: 'plain' }],
    [400, 'invalid_request', { code_challenge_method: 'S256' }],
    [400, 'invalid_request', { state: 'x'.repeat(3000) }],
  ])('answers %i %s to %j', async (http, error, wrong) => {
    const reply = await player.start(wrong);
    expect([reply.http, reply.json['error']]).toEqual([http, error]);
  });

  it('refuses a parameter that stands twice', async () => {
    const reply = await player.send(`${PATHS.authorization}?${query}&scope=openid`);
    expect([reply.http, reply.json['error']]).toEqual([400, 'invalid_request']);
  });

  it('gives the state back with the code', async () => {
    await codeOf({ state: 'run-1.42' });
    expect(player.last.authorizeResponse).toMatchObject({ state: 'run-1.42' });
  });
});

describe('the token endpoint', () => {
  it('takes a code once, with the secret in the form', async () => {
    await codeOf();
    expect((await player.redeem()).token).toMatchObject({ token_type: 'Bearer', expires_in: 7200 });
    expect((await player.redeem()).json['error']).toBe('invalid_grant');
  });

  it('gives of two redemptions at once only one a token', async () => {
    await codeOf();
    const replies = await Promise.all([player.redeem(), player.redeem()]);
    expect(replies.map(({ http }) => http).sort()).toEqual([200, 400]);
  });

  it('takes the secret by HTTP Basic', async () => {
    const authorization = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`;
    expect((await redeem(simulator.url, { code: await codeOf() }, { authorization })).http).toBe(200);
  });

  it('takes PKCE instead of a secret, and not a wrong verifier', async () => {
    const code = await codeOf(PKCE);
    const attempt = (fields: Record<string, string>) => redeem(simulator.url, { code, ...fields });
    expect((await attempt({ code_verifier: `${VERIFIER}x` })).json['error']).toBe('invalid_grant');
    expect((await attempt({ client_secret: CLIENT.secret })).json['error']).toBe('invalid_grant');
    expect((await attempt({ code_verifier: VERIFIER })).http).toBe(200);
  });

  it('refuses a wrong secret and none at all with 401, and the code stays good', async () => {
    const code = await codeOf();
    for (const fields of [{ client_secret: 'wrong' }, {}]) {
      const reply = await redeem(simulator.url, { code, ...fields });
      expect([reply.http, reply.json['error']]).toEqual([401, 'invalid_client']);
      expect(reply.headers.get('www-authenticate')).toMatch(/^Basic /);
    }
    expect((await redeem(simulator.url, { code, client_secret: CLIENT.secret })).http).toBe(200);
  });

  it('refuses a code that is over a minute old', async () => {
    await codeOf();
    simulator.pass(60_000);
    expect((await player.redeem()).json['error']).toBe('invalid_grant');
  });

  it.each([
    ['unsupported_grant_type', { grant_type: 'password', code: 'x' }],
    ['invalid_request', { client_secret: CLIENT.secret }],
    ['invalid_grant', { client_secret: CLIENT.secret, code: 'made-up' }],
  ])('answers %s to %j', async (error, fields) => {
    const reply = await redeem(simulator.url, fields);
    expect([reply.http, reply.json['error']]).toEqual([400, error]);
  });

  it('asks for the redirect_uri that the start named', async () => {
    const redirect_uri = 'https://app.example/callback';
    const code = await codeOf({ redirect_uri });
    const fields = { code, client_secret: CLIENT.secret };
    expect((await redeem(simulator.url, fields)).json['error']).toBe('invalid_grant');
    expect((await redeem(simulator.url, { ...fields, redirect_uri })).http).toBe(200);
  });

  it('gives an ID token only for the scope openid', async () => {
    await codeOf({ scope: 'profile' });
    const { token } = await player.redeem();
    expect(token.id_token).toBeUndefined();
    expect(token.access_token).toMatch(/^ey/);
  });
});

describe('the tokens', () => {
  it.each(['ES256', 'RS256'] as const)('signed by %s verify against the published keys', async (signing) => {
    const other = await stage({ signing });
    try {
      player = other.player();
      const code = await codeOf({ nonce: 'n-1' });
      const { token } = await redeem(other.url, { code, client_secret: CLIENT.secret });
      const discovery = (await (await fetch(other.url + PATHS.discovery)).json()) as Record<string, string>;
      expect(discovery).toMatchObject({ issuer: other.url, id_token_signing_alg_values_supported: [signing] });
      const keys = createRemoteJWKSet(new URL(discovery['jwks_uri']!));
      const rules = { issuer: other.url, audience: CLIENT.id, algorithms: [signing] };
      const id = await jwtVerify(token.id_token!, keys, rules);
      expect(id.payload).toMatchObject({
        nonce: 'n-1',
        'pingone.mfa.status': 'com.pingidentity.pingone.device_not_paired',
      });
      const access = await jwtVerify(token.access_token, keys, { ...rules, typ: 'at+jwt' });
      expect(access.payload.sub).toBe(id.payload.sub);
      expect(access.protectedHeader.kid).toBeDefined();
    } finally {
      await other.close();
    }
  });

  it('open userinfo and introspection, and a forged one does not', async () => {
    await codeOf();
    const { access_token: token } = (await player.redeem()).token;
    const userinfo = async (bearer: string) =>
      replyOf(
        await fetch(simulator.url + PATHS.userinfo, {
          headers: { authorization: `Bearer ${bearer}` },
        }),
      );
    const attribute = { 'pingone.mfa.status': 'com.pingidentity.pingone.device_not_paired' };
    expect((await userinfo(token)).json).toEqual({ sub: claimsOf(token)['sub'], username: 'new', ...attribute });
    expect((await userinfo(`${token.slice(0, -6)}AAAAAA`)).json['error']).toBe('invalid_token');
    const introspect = async (fields: Record<string, string>) =>
      replyOf(await fetch(simulator.url + PATHS.introspect, { method: 'POST', body: new URLSearchParams(fields) }));
    const credentials = { client_id: CLIENT.id, client_secret: CLIENT.secret };
    expect((await introspect({ token, ...credentials })).json).toMatchObject({ active: true, ...attribute });
    expect((await introspect({ token: 'x', ...credentials })).json).toEqual({ active: false });
    expect((await introspect({ token, client_id: CLIENT.id })).http).toBe(401);
    simulator.pass(7_200_000);
    expect((await userinfo(token)).http).toBe(401);
  });

  it.each([
    ['another name', 'mfa_outcome', { mfa_outcome: 'com.pingidentity.pingone.device_not_paired' }],
    ['no attribute at all', 'none', {}],
  ])('carry the status attribute under %s if the mapping says so', async (_what, statusAttribute, expected) => {
    const other = await stage({ statusAttribute });
    try {
      player = other.player();
      await codeOf();
      const { token } = await player.redeem();
      const known = ['iss', 'sub', 'aud', 'iat', 'exp', 'jti', 'client_id', 'scope', 'username'];
      const rest = Object.entries(claimsOf(token.access_token)).filter(([name]) => !known.includes(name));
      expect(Object.fromEntries(rest)).toEqual(expected);
    } finally {
      await other.close();
    }
  });
});
