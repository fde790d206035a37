import { describe, expect, it } from 'vitest';
import { AndroidClient, IosClient, PAGE, Widget, send } from './ping-clients.ts';
import type { PingClient } from './ping-clients.ts';
import { CLIENT, START, replyOf } from './player.ts';
import { on } from './stage.ts';

const CLIENTS: Readonly<Record<string, (base: string) => PingClient>> = {
  'the Android client': (base) => new AndroidClient(base),
  'the iOS client': (base) => new IosClient(base),
  'the widget': (base) => new Widget(base, false),
  'the widget, cookieless': (base) => new Widget(base, true),
};

const phone = (base: string, path: string, body: object) =>
  send(base, {
    method: 'POST',
    path: `/phone/${path}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const codeOn = async (base: string, deviceId: string): Promise<string> =>
  (await phone(base, 'code', { deviceId })).json.otp;

/** Tokens for the flow's code. */
async function finish(client: PingClient): Promise<void> {
  await client.goOn();
  expect(client.flow.status).toBe('COMPLETED');
  const { json } = await client.token(client.flow.authorizeResponse!.code!);
  expect(json.access_token).toBeTypeOf('string');
}

const WRONG_CODE = { code: 'VALIDATION_ERROR', details: [{ code: 'INVALID_OTP', attemptsRemaining: 2 }] };

describe.each(Object.entries(CLIENTS))('%s', (_name, make) => {
  it.each([
    ['HTTP', false],
    ['HTTPS', true],
  ])('gets no refusal from a strict simulator over %s', async (_over, tls) => {
    await on({ tls, corsOrigins: [PAGE] }, async ({ url }) => {
      // A code by SMS: selected twice, mistyped, then right.
      const otp = make(url);
      await otp.start();
      await otp.signOn('several');
      await otp.authenticate();
      expect(otp.flow.status).toBe('DEVICE_SELECTION_REQUIRED');
      await otp.select('sms-4');
      expect(otp.flow.status).toBe('OTP_REQUIRED');
      await otp.enter('000000');
      await otp.enter(await codeOn(url, 'sms-4'));
      await finish(otp);
      expect(otp.refused).toMatchObject([WRONG_CODE]);

      // A push that is decided.
      const push = make(url);
      await push.start();
      await push.signOn('mobile');
      await push.authenticate();
      for (let polls = 0; polls < 3; polls++) await push.wait();
      expect(push.flow).toMatchObject({ status: 'PUSH_CONFIRMATION_WAITING', otpLength: 6 });
      await phone(url, 'decide', { deviceId: 'mobile-1', decision: 'approve' });
      await push.wait();
      await finish(push);
      expect(push.refused).toEqual([]);

      // The code of the app in its place: mistyped, then right.
      const app = make(url);
      await app.start();
      await app.signOn('several');
      await app.authenticate();
      await app.select('mobile-4');
      await app.wait();
      await app.enter('000000');
      await app.wait();
      await app.enter(await codeOn(url, 'mobile-4'));
      await finish(app);
      expect(app.refused).toMatchObject([WRONG_CODE]);

      const gone = make(url);
      await gone.start();
      await gone.signOn('several');
      await gone.cancel();
      expect(gone.flow.status).toBe('FAILED');
      expect(gone.refused).toEqual([]);
    });
  });
});

describe('a start', () => {
  const query = new URLSearchParams(START).toString();
  const post = async (url: string, type: string, body: string, more = '') =>
    replyOf(
      await fetch(`${url}/as/authorization.oauth2${more}`, { method: 'POST', headers: { 'content-type': type }, body }),
    );

  it('takes its parameters from the query, a form, JSON, or JSON one level deeper', async () => {
    await on({}, async ({ url }) => {
      const nested = JSON.stringify({ protocolParameters: START });
      const started = [
        await replyOf(await fetch(`${url}/as/authorization.oauth2?${query}`, { method: 'POST' })),
        await post(url, 'application/x-www-form-urlencoded', query),
        await post(url, 'application/json', JSON.stringify(START)),
        await post(url, 'application/vnd.pingidentity.initiateOAuthAuthorization+json', nested),
        await post(url, 'application/vnd.pingidentity.authorization.oauth2+json', '{}', `?${query}`),
      ];
      expect(started.map(({ flow }) => flow.status)).toEqual(Array(5).fill('USERNAME_PASSWORD_REQUIRED'));
    });
  });

  it.each([
    ['another type', 'application/vnd.pingidentity.authenticate+json', JSON.stringify(START)],
    ['a text', 'text/plain', query],
    ['parameters that are a list', 'application/json', '{"protocolParameters":["client_id"]}'],
    ['parameters that are null', 'application/json', '{"protocolParameters":null}'],
    [
      'a parameter twice',
      'application/json',
      JSON.stringify({ ...START, protocolParameters: { client_id: CLIENT.id } }),
    ],
    ['no parameters', 'application/vnd.pingidentity.initiateOAuthAuthorization+json', '{}'],
  ])('with %s is refused', async (_what, type, body) => {
    await on({}, async ({ url }) => {
      const reply = await post(url, type, body);
      expect([reply.http, reply.json['error']]).toEqual([400, 'invalid_request']);
    });
  });
});

describe('a body', () => {
  it.each(['checkUsernamePassword', 'authenticate'])('is needed by %s, which has a model', async (action) => {
    await on({}, async (simulator) => {
      const player = simulator.player();
      await (action === 'authenticate' ? player.signIn('sms') : player.start());
      expect((await player.act(action, '')).error.code).toBe('INVALID_REQUEST');
    });
  });

  it.each([
    ['rememberMyUsername', 7],
    ['thisIsMyDevice', {}],
    ['captchaResponse', true],
  ])('whose %s is %j is refused', async (field, value) => {
    await on({}, async (simulator) => {
      const player = simulator.player();
      await player.start();
      const reply = await player.act('checkUsernamePassword', { username: 'sms', password: 'x', [field]: value });
      expect(reply.error.details).toMatchObject([{ code: 'INVALID_FIELD_FORMAT', target: field }]);
    });
  });
});

describe('a page of another origin', () => {
  const ask = async (base: string, origin: string, path = '/pf-ws/authn/flows/x') =>
    send(base, { method: 'OPTIONS', path, headers: { origin, 'access-control-request-method': 'POST' } });

  it('is told what it may send if corsOrigins has its origin, else nothing', async () => {
    await on({ corsOrigins: ['https://a.example', PAGE] }, async ({ url }) => {
      for (const [origin, allowed] of [
        [PAGE, PAGE],
        ['https://a.example', 'https://a.example'],
        ['https://b.example', undefined],
        [`${PAGE}.example`, undefined],
        ['null', undefined],
      ] as const) {
        const { http, headers } = await ask(url, origin);
        expect([http, headers['access-control-allow-origin'], headers['vary']]).toEqual([204, allowed, 'Origin']);
        expect(headers['access-control-allow-methods']).toBe(allowed === undefined ? undefined : 'GET, POST');
      }
    });
  });

  it('may read errors too', async () => {
    await on({ corsOrigins: [PAGE], rateLimit: 1, addressShare: 1 }, async ({ url }) => {
      const read = async () =>
        send(url, { method: 'GET', path: '/pf-ws/authn/flows/x', headers: { origin: PAGE, 'x-xsrf-header': 'x' } });
      const [lost, limited] = [await read(), await read()];
      expect([lost.http, limited.http]).toEqual([404, 429]);
      for (const { headers } of [lost, limited]) expect(headers['access-control-allow-origin']).toBe(PAGE);
    });
  });

  it('is told nothing by default, and nothing of the phone and admin APIs', async () => {
    await on({}, async ({ url }) => {
      const { http, headers } = await ask(url, PAGE);
      expect([http, headers['access-control-allow-origin'], headers['vary']]).toEqual([204, undefined, undefined]);
    });
    await on({ corsOrigins: [PAGE] }, async ({ url }) => {
      for (const path of ['/phone/decide', '/admin/counts']) {
        const { http, headers } = await ask(url, PAGE, path);
        expect([http, headers['access-control-allow-origin']]).toEqual([404, undefined]);
      }
    });
  });

  it.each(['localhost:8080', 'http://localhost:8080/', '*', 'null', ''])(
    'cannot have the origin %j',
    async (origin) => {
      await expect(on({ corsOrigins: [PAGE, origin] }, () => Promise.resolve())).rejects.toThrow(
        /corsOrigins is .*write origins/,
      );
    },
  );
});
