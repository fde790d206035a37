import type { Inventory } from '../../../contract/inventory.ts';
import { ofStep, selector } from '../../../contract/selector.ts';
import type { SimulatorSettings } from '../../../simulator/settings.ts';
import { startFront } from './front.ts';
import type { Exchange, Front } from './front.ts';
import { onStage, people } from './stage.ts';
import type { Played, Stage } from './stage.ts';
import { createPrivateKey } from 'node:crypto';
import { generate } from 'selfsigned';
import { describe, expect, test } from 'vitest';

/** Two users who need no waiting: one is paired, one denies nothing and gives up pairing. */
const some = people('F1', 'F2');
const quick: Inventory = { ...some, users: ['F1', 'F2'].map((kind) => some.users.find((user) => user.kind === kind)!) };
const AS_PRESCRIBED = ['device_not_paired', 'device_paired'];

/** Plays the two users through a front, against a simulator with these settings. */
function played(
  env: Record<string, string> | ((stage: Stage) => Record<string, string>),
  settings: Partial<SimulatorSettings> = {},
): Promise<Played & { readonly seen: Front['seen'] }> {
  return onStage(
    quick,
    async (stage) => {
      const front = await startFront(stage.url);
      const given = typeof env === 'function' ? env(stage) : env;
      const result = await stage.play({ PF_BASE_URL: front.url, PHONE_URL: stage.phone, ...given });
      front.close();
      return { ...result, seen: front.seen };
    },
    settings,
  );
}

const ended = ({ outcomes }: Played): string[] => [...outcomes].sort();
const at = (seen: readonly Exchange[], path: string): Exchange[] => seen.filter(({ url }) => url.startsWith(path));
/** The parameters of a start, in the query or, as the iOS client sends them, in the body. */
const parametersOf = ({ url, body }: Exchange): string => decodeURIComponent(url) + body;

describe('the first factor', () => {
  test('may ask for the name first', async () => {
    const run = await played({}, { firstFactor: 'identifier' });
    expect(ended(run)).toEqual(AS_PRESCRIBED);
    expect(run.result.summary.metrics[selector('http_req_duration', ofStep('submitIdentifier'))]?.values['count']).toBe(
      2,
    );
    expect(run.result.summary.metrics['unexpected_state']?.values['count']).toBe(0);
  });

  test('may be a custom action, with a model out of the settings', async () => {
    const custom = { firstFactor: 'custom', customStatus: 'BADGE_REQUIRED', customAction: 'checkBadge' } as const;
    const settings = {
      PF_CUSTOM_STATUS: 'BADGE_REQUIRED',
      PF_CUSTOM_ACTION: 'checkBadge',
      PF_CUSTOM_BODY: '{"badge":"{{username}}","pin":"{{password}}"}',
    };
    const run = await played(settings, custom);
    expect(ended(run)).toEqual(AS_PRESCRIBED);
    expect(run.result.summary.metrics[selector('http_req_duration', ofStep('customAction'))]?.values['count']).toBe(2);
    expect(run.result.summary.metrics['unexpected_state']?.values['count']).toBe(0);
    const bodies = run.seen
      .filter(({ headers }) => headers['content-type']?.includes('checkBadge'))
      .map(({ body }) => body);
    const asked = quick.users.map(({ username, password }) => JSON.stringify({ badge: username, pin: password }));
    expect(bodies.sort()).toEqual(asked.sort());
    expect(ended(await played({}, custom))).toEqual(['not_driven']);
  });

  test('may be none, the user being named by login_hint', async () => {
    const run = await played(
      { PF_PARAMETERS: 'login_hint={{username}}&acr_values=urn%3Amfa' },
      { firstFactor: 'none' },
    );
    expect(ended(run)).toEqual(AS_PRESCRIBED);
    expect(parametersOf(at(run.seen, '/as/authorization')[0]!)).toMatch(/acr_values"?[=:]"?urn:mfa/);
  });

  test.each([
    [{ PF_CUSTOM_ACTION: 'checkBadge' }, 'PF_CUSTOM_STATUS is missing'],
    [{ PF_CUSTOM_STATUS: 'X' }, 'PF_CUSTOM_ACTION is missing'],
    [{ PF_CUSTOM_STATUS: 'X', PF_CUSTOM_ACTION: 'a/b' }, 'PF_CUSTOM_ACTION is "a/b"; write letters'],
    [{ PF_CUSTOM_STATUS: 'X', PF_CUSTOM_ACTION: 'a', PF_CUSTOM_BODY: '[' }, 'PF_CUSTOM_BODY is not a JSON object'],
    [
      { PF_CUSTOM_STATUS: 'X', PF_CUSTOM_ACTION: 'a', PF_CUSTOM_BODY: '{"a":"{{pin}}"}' },
      'PF_CUSTOM_BODY has an unknown placeholder',
    ],
    [{ PF_PARAMETERS: 'state=mine' }, 'PF_PARAMETERS: state is set by other settings'],
    [{ PF_PARAMETERS: 'acr_values' }, 'PF_PARAMETERS: parameter 1 is not usable'],
    [{ PF_PARAMETERS: 'a={{password}}' }, 'do not put a password into a URL'],
  ])('with %j is refused: %s', async (env, reason) => {
    const run = await played(env);
    expect(run.result.reason).toContain(reason);
    expect(run.result.exit).toBe('invalid_configuration');
    expect(run.seen).toEqual([]);
  });
});

describe('the OAuth client', () => {
  const secret = { PF_CLIENT_SECRET: 'pairstorm-secret' };
  const basic = `Basic ${Buffer.from('pairstorm:pairstorm-secret').toString('base64')}`;

  test.each([
    ['a public client, by PKCE', {}, undefined, false, true],
    ['its secret in the body', secret, undefined, true, false],
    ['its secret by HTTP Basic', { ...secret, PF_CLIENT_AUTH: 'basic' }, basic, false, false],
    ['its secret in the body, and PKCE', { ...secret, PF_CLIENT_AUTH: 'post+pkce' }, undefined, true, true],
    ['HTTP Basic, and PKCE', { ...secret, PF_CLIENT_AUTH: 'basic+pkce' }, basic, false, true],
  ])('proves itself as %s', async (_title, env, authorization, inBody, pkce) => {
    const run = await played(env);
    expect(ended(run)).toEqual(AS_PRESCRIBED);
    // First the look before the run, which proves itself likewise, with a code that nobody gave.
    const [look, ...tokens] = at(run.seen, '/as/token');
    expect(tokens).toHaveLength(2);
    for (const { headers, body } of [look!, ...tokens]) {
      expect(headers.authorization).toBe(authorization);
      expect(body.includes('client_secret=')).toBe(inBody);
    }
    expect(look!.status).toBe(400);
    for (const { body } of tokens) expect(body.includes('code_verifier=')).toBe(pkce);
    for (const start of at(run.seen, '/as/authorization'))
      expect(/code_challenge"?[=:]/.test(parametersOf(start))).toBe(pkce);
  });

  test.each([
    [{ PF_CLIENT_AUTH: 'basic' }, 'PF_CLIENT_AUTH is "basic" and needs a secret'],
    [{ ...secret, PF_CLIENT_AUTH: 'pkce' }, 'a client without a secret, but there is a PF_CLIENT_SECRET'],
    [{ PF_STATUS_FROM: 'introspection' }, 'needs a client with a secret'],
  ])('%j is refused: %s', async (env, reason) => {
    const { result } = await played(env);
    expect(result.reason).toContain(reason);
    expect(result.reason).not.toContain('pairstorm-secret');
    expect(result.exit).toBe('invalid_configuration');
  });

  test('whose secret file is empty or not there is refused, and not taken for a public one', async () => {
    const empty = await played((stage) => ({ PF_CLIENT_SECRET_FILE: stage.file('secret', '\n') }));
    expect(empty.result.reason).toMatch(/^PF_CLIENT_SECRET_FILE: .*secret is empty; write the secret into it/);
    const gone = await played({ PF_CLIENT_SECRET_FILE: '/tmp/no-such-secret' });
    expect(gone.result.reason).toMatch(/^PF_CLIENT_SECRET_FILE: cannot read \/tmp\/no-such-secret/);
    for (const { result, seen } of [empty, gone]) {
      expect(result.exit).toBe('invalid_configuration');
      expect(seen).toEqual([]);
    }
  });
});

describe('the status attribute', () => {
  const secret = { PF_CLIENT_SECRET: 'pairstorm-secret' };

  test.each(['access_token', 'id_token', 'userinfo', 'introspection'] as const)(
    'is read in %s where PF_STATUS_FROM says so, by its own name, and nowhere else',
    async (place) => {
      const deployment = { statusIn: place, statusAttribute: 'acme.mfa' } as const;
      const settings = { ...secret, PF_STATUS_CLAIM: 'acme.mfa' };
      expect(ended(await played({ ...settings, PF_STATUS_FROM: place }, deployment))).toEqual(AS_PRESCRIBED);
      const elsewhere = place === 'id_token' ? 'access_token' : 'id_token';
      const { outcomes, lines } = await played({ ...settings, PF_STATUS_FROM: elsewhere }, deployment);
      expect(outcomes).toEqual(['unverified']);
      expect(lines.join()).toContain(`the status attribute is not in ${elsewhere}`);
    },
  );

  test('is found behind an opaque access token, by userinfo or introspection', async () => {
    const opaque = { accessToken: 'opaque', statusIn: 'userinfo' } as const;
    expect(ended(await played({ PF_STATUS_FROM: 'userinfo' }, opaque))).toEqual(AS_PRESCRIBED);
    const sealed = { accessToken: 'opaque', statusIn: 'introspection' } as const;
    const settings = { ...secret, PF_CLIENT_AUTH: 'basic', PF_STATUS_FROM: 'introspection' };
    const run = await played(settings, sealed);
    expect(ended(run)).toEqual(AS_PRESCRIBED);
    expect(run.result.summary.metrics[selector('http_req_duration', ofStep('introspect'))]?.values['count']).toBe(2);
    expect((await played({}, sealed)).outcomes).toEqual(['unverified']);
  });
});

describe('headers of a deployment', () => {
  test('go with every request to PingFederate and with none to the phones; secret ones come from a file', async () => {
    const run = await onStage(quick, async (stage) => {
      const [pf, phones] = [await startFront(stage.url), await startFront(stage.url)];
      const result = await stage.play({
        PF_BASE_URL: pf.url,
        PHONE_URL: `${phones.url}/phone`,
        PF_HEADERS: 'X-Environment: staging; X-Team: sso',
        PF_HEADERS_FILE: stage.file('headers', 'X-Api-Key: key;with=signs\n\n'),
      });
      pf.close();
      phones.close();
      return { ...result, pf: pf.seen, phones: phones.seen };
    });
    expect(ended(run)).toEqual(AS_PRESCRIBED);
    expect(run.pf.length).toBeGreaterThan(9);
    for (const { headers } of run.pf) {
      expect(headers).toMatchObject({ 'x-environment': 'staging', 'x-team': 'sso', 'x-api-key': 'key;with=signs' });
    }
    expect(run.phones.length).toBeGreaterThan(1);
    for (const { headers } of run.phones) expect(headers).not.toHaveProperty('x-api-key');
  });

  test.each([
    [{ PF_HEADERS: 'X-Api-Key: hunter2' }, 'PF_HEADERS: header 1, X-Api-Key, looks like a secret'],
    [{ PF_HEADERS: 'X-A: 1; Cookie: PF=hunter2' }, 'PF_HEADERS: header 2, Cookie, is set by the client or the host'],
    [{ PF_HEADERS: 'hunter2' }, 'PF_HEADERS: header 1 is not usable; write it like X-Environment: staging'],
    [{ PF_HEADERS_FILE: 'X-A: 1\nhunter2' }, 'PF_HEADERS_FILE: line 2 is not usable'],
    [{ PF_HEADERS_FILE: '\n' }, 'headers is empty; write headers into it'],
  ])('%j are refused without their values: %s', async (env: Record<string, string>, reason) => {
    const { result } = await played((stage) => {
      const { PF_HEADERS_FILE: content } = env;
      return content === undefined ? env : { PF_HEADERS_FILE: stage.file('headers', content) };
    });
    expect(result.reason).toContain(reason);
    expect(result.reason).not.toContain('hunter2');
    expect(result.exit).toBe('invalid_configuration');
  });
});

describe('a client certificate', () => {
  test('is shown to PingFederate, its key opened by a password out of a file', async () => {
    const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], { algorithm: 'sha256' });
    const sealed = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'key-password-4' } as const;
    const key = String(createPrivateKey(made.private).export(sealed));
    const shown: boolean[] = [];
    await onStage(quick, async (stage) => {
      const tls = { key: made.private, cert: made.cert, requestCert: true, rejectUnauthorized: true, ca: [made.cert] };
      const front = await startFront(
        stage.url,
        () => {
          shown.push(true);
          return undefined;
        },
        tls,
      );
      const env = { PF_BASE_URL: front.url, PHONE_URL: stage.phone, TLS_SKIP_VERIFY: 'true' };
      const without = await stage.play(env);
      expect(without.result.reason).toContain('no heartbeat from');
      expect(shown).toEqual([]);
      const certificate = {
        TLS_CLIENT_CERT: stage.file('client.pem', made.cert),
        TLS_CLIENT_KEY: stage.file('client.key', key),
        TLS_CLIENT_KEY_PASSWORD_FILE: stage.file('client.password', 'key-password-4\n'),
      };
      expect(ended(await stage.play({ ...env, ...certificate }))).toEqual(AS_PRESCRIBED);
      front.close();
    });
    expect(shown.length).toBeGreaterThan(5);
  });

  test.each([
    [{ TLS_CLIENT_CERT: '/tmp/x' }, 'TLS_CLIENT_KEY is missing'],
    [{ TLS_CLIENT_KEY: '/tmp/x' }, 'TLS_CLIENT_CERT is missing'],
    [{ TLS_CLIENT_KEY_PASSWORD: 'hunter2' }, 'TLS_CLIENT_KEY_PASSWORD does not apply without TLS_CLIENT_KEY'],
    [{ TLS_CLIENT_CERT: '/tmp/none', TLS_CLIENT_KEY: '/tmp/none' }, 'TLS_CLIENT_CERT: cannot read /tmp/none'],
  ])('%j is refused: %s', async (env: Record<string, string>, reason) => {
    const { result } = await played(env);
    expect(result.reason).toContain(reason);
    expect(result.exit).toBe('invalid_configuration');
  });
});
