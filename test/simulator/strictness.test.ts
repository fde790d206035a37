import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../protocol/actions.ts';
import { PATHS } from '../../protocol/transport.ts';
import { START, payloadOf, replyOf } from './player.ts';
import type { Reply, Player } from './player.ts';
import { stage } from './stage.ts';
import type { Stage } from './stage.ts';

let simulator: Stage;
let player: Player;
beforeAll(async () => {
  simulator = await stage();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  player = simulator.player();
  await player.start();
});

/** A POST to the flow with this content type, query and body. */
const post = (type: string, query = '', body = '{}', headers: Record<string, string> = {}): Promise<Reply> =>
  player.send(`${PATHS.flows}/${player.last.id}${query}`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
  });

const SIGN_IN = JSON.stringify({ username: 'new', password: 'password of new' });

describe('a flow request', () => {
  it('without the XSRF header, or with an empty one, is refused, but for a start', async () => {
    for (const headers of [{}, { 'X-XSRF-Header': '' }]) {
      const reply = await replyOf(await fetch(simulator.url + PATHS.flows + '/x', { headers }));
      expect([reply.http, reply.error.code]).toEqual([403, 'XSRF_HEADER_REQUIRED']);
      const query = new URLSearchParams(START).toString();
      const start = await fetch(`${simulator.url}${PATHS.authorization}?${query}`, { headers });
      expect(start.status).toBe(200);
    }
  });

  it('names its action by the media type, parameters of it notwithstanding', async () => {
    const type = 'application/vnd.pingidentity.checkUsernamePassword+json; charset=utf-8';
    expect((await post(type, '', SIGN_IN)).flow.status).toBe('AUTHENTICATION_REQUIRED');
  });

  it('names its action by ?action= with application/json as well', async () => {
    const reply = await post('application/json', '?action=checkUsernamePassword', SIGN_IN);
    expect(reply.flow.status).toBe('AUTHENTICATION_REQUIRED');
  });

  it.each([
    ['names no action', 'application/json', ''],
    ['has a form body', 'application/x-www-form-urlencoded', '?action=cancelAuthentication'],
    ['has a text body', 'text/plain', '?action=cancelAuthentication'],
    ['has a media type that is none', ';;;', ''],
  ])('that %s is answered INVALID_CONTENT_TYPE', async (_what, type, query) => {
    const reply = await post(type, query);
    expect(reply.http).toBe(400);
    expect(reply.error).toMatchObject({ code: 'INVALID_REQUEST', details: [{ code: 'INVALID_CONTENT_TYPE' }] });
  });

  it.each([
    ['is not for this state', 'authenticate'],
    ['nobody knows', 'dance'],
    ['is a name of every object', 'constructor'],
  ])('whose action %s is answered INVALID_ACTION_ID', async (_what, action) => {
    const reply = await player.act(action);
    expect([reply.http, reply.error.code]).toEqual([400, 'INVALID_ACTION_ID']);
  });

  it.each([
    ['is not JSON', '{"username":'],
    ['is empty', ''],
    ['is a list', '[]'],
    ['is null', 'null'],
  ])('whose body %s is answered INVALID_REQUEST', async (_what, body) => {
    const reply = await player.act('checkUsernamePassword', body);
    expect([reply.http, reply.error.code]).toEqual([400, 'INVALID_REQUEST']);
  });

  it.each([
    ['FIELD_REQUIRED', 'password', { username: 'new' }],
    ['FIELD_REQUIRED', 'username', { username: '', password: 'x' }],
    ['UNRECOGNIZED_FIELD_NAME', 'pin', { username: 'new', password: 'x', pin: '1' }],
    ['UNRECOGNIZED_FIELD_NAME', '__proto__', '{"username":"new","password":"x","__proto__":{}}'],
    ['INVALID_FIELD_FORMAT', 'password', { username: 'new', password: 7 }],
  ])('with a wrong field is answered %s for %s', async (code, target, body) => {
    const reply = await player.act('checkUsernamePassword', body);
    expect(reply.http).toBe(400);
    expect(reply.error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ code, target }] });
  });

  it('has its nested fields checked too', async () => {
    await player.authenticate('several', null);
    const replies = [
      await player.act('selectDevice', { deviceRef: 'sms-4' }),
      await player.act('selectDevice', { deviceRef: {} }),
      await player.act('selectDevice', { deviceRef: { id: 'sms-4', name: 'x' } }),
    ];
    expect(replies.map(({ error }) => error.details?.[0])).toMatchObject([
      { code: 'INVALID_FIELD_FORMAT', target: 'deviceRef' },
      { code: 'FIELD_REQUIRED', target: 'deviceRef.id' },
      { code: 'UNRECOGNIZED_FIELD_NAME', target: 'deviceRef.name' },
    ]);
  });

  it('over 64 KiB is refused', async () => {
    const reply = await player.act('checkUsernamePassword', { username: 'x'.repeat(70_000), password: 'x' });
    expect([reply.http, reply.error.code]).toEqual([413, 'INVALID_REQUEST']);
  });

  it('for an unknown flow is answered FLOW_NOT_FOUND', async () => {
    player.last = { id: 'nobody', status: '' };
    const reply = await player.act('cancelAuthentication');
    expect([reply.http, reply.error.code]).toEqual([404, 'FLOW_NOT_FOUND']);
  });

  it('with a bad mobile payload is refused in every action that takes one, and the phone of before stays', async () => {
    await player.authenticate('several');
    const bad = [payloadOf({ rooted: true }), payloadOf({ integrity: 'broken' }), 'x'];
    const deviceRef = { id: 'sms-4' };
    const codes = async (action: 'selectDevice' | 'checkOtp', body: object) => {
      const replies = [];
      for (const mobilePayload of bad) replies.push(await player.act(action, { ...body, mobilePayload }));
      return replies.map(({ error }) => error.details?.[0]?.code);
    };
    const refused = ['DEVICE_ROOTED', 'INVALID_MOBILE_PAYLOAD', 'INVALID_MOBILE_PAYLOAD'];
    expect(await codes('selectDevice', { deviceRef })).toEqual(refused);
    await player.act('selectDevice', { deviceRef });
    const { otp } = (await player.phone('code', { deviceId: 'sms-4' })).json;
    expect(await codes('checkOtp', { otp })).toEqual(refused);
    for (const [action, refusals] of [['selectDevice', refused] as const, ['checkOtp', refused] as const]) {
      expect(ACTIONS[action].errors).toEqual(expect.arrayContaining(refusals));
    }
    expect((await player.act('checkOtp', { otp })).flow.status).toBe('MOBILE_PAIRING_REQUIRED');
  });

  it('with wrong credentials is refused, and the state stays', async () => {
    for (const username of ['new', 'stranger']) {
      const reply = await player.act('checkUsernamePassword', { username, password: 'wrong' });
      expect(reply.error).toMatchObject({
        code: 'VALIDATION_ERROR',
        details: [{ code: 'CREDENTIAL_VALIDATION_FAILED' }],
      });
    }
    expect((await player.read()).flow.status).toBe('USERNAME_PASSWORD_REQUIRED');
  });
});

describe('the flow resource', () => {
  it('links itself and each action that is allowed now, and no other', async () => {
    const href = `${simulator.url}${PATHS.flows}/${player.last.id}`;
    expect(player.last._links).toEqual({
      self: { href },
      checkUsernamePassword: { href },
      cancelAuthentication: { href },
    });
    await player.signIn('mobile');
    expect(Object.keys(player.last._links!)).toEqual(['self', 'authenticate', 'cancelAuthentication']);
  });

  it('has an id of letters and digits and shows the hinted user name', async () => {
    const { flow } = await player.start({ login_hint: 'mobile' });
    expect(flow.id).toMatch(/^[A-Za-z0-9]{1,30}$/);
    expect(flow.username).toBe('mobile');
  });

  it('never shows the secret of a TOTP device', async () => {
    await player.authenticate('totp');
    expect(JSON.stringify(player.last)).toContain('totp-1');
    expect(JSON.stringify(player.last)).not.toContain('secret');
  });

  it('shows the primary device alone before authenticate, all of them after', async () => {
    await player.signIn('several');
    expect(player.last.devices?.map(({ id }) => id)).toEqual(['mobile-4']);
    await player.act('authenticate', { mobilePayload: payloadOf() });
    expect(player.last.devices).toHaveLength(3);
  });
});

describe('a request that nothing answers', () => {
  it.each([
    ['GET', '/'],
    ['DELETE', `${PATHS.flows}/abc`],
    ['GET', PATHS.token],
    ['POST', `${PATHS.flows}/${'x'.repeat(300)}`],
    ['GET', '/pf-ws/authn/%zz'],
  ])('%s %s is told so, by method and path', async (method, path) => {
    const reply = await replyOf(await fetch(simulator.url + path, { method }));
    if (reply.http === 400) {
      expect(reply.error.code).toBe('INVALID_REQUEST');
      return;
    }
    expect([reply.http, reply.error.code]).toEqual([404, 'RESOURCE_NOT_FOUND']);
    expect(reply.error.message).toContain(`${method} ${path.slice(0, 100)}`);
  });
});
