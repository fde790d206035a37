import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OVERLAP_MS } from '../../simulator/session.ts';
import { PATHS } from '../../protocol/transport.ts';
import { CLIENT, START, redeem, replyOf } from './player.ts';
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

describe('the session cookie', () => {
  it('changes with each answer, errors included', async () => {
    const seen = new Set<string | undefined>();
    await player.start();
    seen.add(player.cookie);
    await player.act('checkUsernamePassword', { username: 'sms', password: 'wrong' });
    seen.add(player.cookie);
    await player.read();
    seen.add(player.cookie);
    await player.act('checkUsernamePassword', { username: 'sms', password: 'password of sms' });
    seen.add(player.cookie);
    expect(seen.size).toBe(4);
  });

  it('is refused when it is missing, of another flow, or stale, and the flow goes on for its owner', async () => {
    await player.start();
    const stale = player.cookie!;
    await player.read();
    simulator.pass(OVERLAP_MS + 1);
    const other = simulator.player();
    await other.start();
    const path = `${PATHS.flows}/${player.last.id}`;
    const current = player.cookie;
    for (const cookie of ['', stale, other.cookie!]) {
      const reply = await player.send(path, { headers: { cookie } });
      expect([reply.http, reply.error.code, reply.headers.get('set-cookie')]).toEqual([403, 'SESSION_NOT_FOUND', null]);
    }
    player.cookie = current;
    expect((await player.read()).http).toBe(200);
  });

  it('stays good over errors, for a client that reads cookies of 200 answers only, until the next 200', async () => {
    await player.start();
    const kept = player.cookie!;
    const enter = async (password: string) => {
      player.cookie = kept;
      return (await player.act('checkUsernamePassword', { username: 'mobile', password })).http;
    };
    expect([await enter('wrong'), await enter('wrong'), await enter('password of mobile')]).toEqual([400, 400, 200]);
    player.cookie = kept;
    expect((await player.act('authenticate')).error.code).toBe('SESSION_NOT_FOUND');
  });

  it('lets the second selection of one click pass, with the value of the first', async () => {
    await player.authenticate('several', null);
    const before = player.cookie!;
    const select = () => player.act('selectDevice', { deviceRef: { id: 'mobile-4' } });
    await select();
    const after = player.cookie;
    player.cookie = before;
    expect((await select()).flow.status).toBe('PUSH_CONFIRMATION_WAITING');
    expect(player.cookie).toBe(after);
    player.cookie = before;
    simulator.pass(OVERLAP_MS + 1);
    expect((await select()).error.code).toBe('SESSION_NOT_FOUND');
  });

  it('lets polls overlap: a value that another poll superseded a moment ago still opens the flow, for polls only', async () => {
    await player.authenticate('mobile', null);
    const first = player.cookie!;
    await player.act('poll');
    const second = player.cookie!;
    player.cookie = first;
    expect((await player.act('poll')).http).toBe(200);
    expect(player.cookie).toBe(second);
    player.cookie = first;
    expect((await player.act('cancelAuthentication')).error.code).toBe('SESSION_NOT_FOUND');
    player.cookie = first;
    simulator.pass(OVERLAP_MS + 1);
    expect((await player.act('poll')).error.code).toBe('SESSION_NOT_FOUND');
  });

  it('answers a poll that comes a moment after the state moved, and refuses one that comes later', async () => {
    await player.authenticate('mobile', null);
    await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    simulator.pass(2_000);
    expect((await player.act('poll')).flow.status).toBe('MFA_COMPLETED');
    expect((await player.act('poll')).flow.status).toBe('MFA_COMPLETED');
    simulator.pass(OVERLAP_MS + 1);
    expect((await player.act('poll')).error.code).toBe('INVALID_ACTION_ID');
  });

  it('carries no Secure on plain HTTP', async () => {
    const { headers } = await player.start();
    expect(headers.get('set-cookie')).toMatch(/^PF=[\w-]+; Path=\/; HttpOnly$/);
  });

  it('stays the same with renewCookie off', async () => {
    const lax = await stage({ renewCookie: 'off' });
    try {
      const lazy = lax.player();
      await lazy.start();
      const { cookie } = lazy;
      await lazy.act('checkUsernamePassword', { username: 'sms', password: 'wrong' });
      await lazy.read();
      expect(lazy.cookie).toBe(cookie);
    } finally {
      await lax.close();
    }
  });
});

describe('a cookieless client', () => {
  const query = new URLSearchParams({ ...START, client_id: 'pairstorm-cookieless' }).toString();
  const call = async (path: string, state: string | undefined, init: RequestInit = {}) => {
    const headers = {
      'X-XSRF-Header': 'x',
      ...(state === undefined ? {} : { 'X-Pf-Authn-Api-State': state }),
      ...(init.headers as Record<string, string> | undefined),
    };
    return replyOf(await fetch(simulator.url + path, { ...init, headers }));
  };

  it('gets the session in each body, errors too, returns it in a header, and sees no cookie', async () => {
    const start = await call(`${PATHS.authorization}?${query}`, undefined);
    const path = `${PATHS.flows}/${start.flow.id}`;
    const sign = (state: string | undefined, password: string) =>
      call(path, state, {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.pingidentity.checkUsernamePassword+json' },
        body: JSON.stringify({ username: 'new', password }),
      });
    const wrong = await sign(start.flow._pf_authn_api_state, 'wrong');
    expect(wrong.http).toBe(400);
    expect(wrong.error._pf_authn_api_state).not.toBe(start.flow._pf_authn_api_state);
    const right = await sign(wrong.error._pf_authn_api_state, 'password of new');
    expect(right.flow.status).toBe('AUTHENTICATION_REQUIRED');
    expect((await sign(start.flow._pf_authn_api_state, 'password of new')).http).toBe(403);
    // What an action said stays good while the client only reads.
    const state = right.flow._pf_authn_api_state;
    for (let reads = 0; reads < 3; reads++) {
      simulator.pass(OVERLAP_MS + 1);
      expect((await call(path, state)).flow._pf_authn_api_state).toBe(state);
    }
    const cancel = {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.pingidentity.cancelAuthentication+json' },
    };
    expect((await call(path, state, cancel)).flow.status).toBe('FAILED');
    for (const reply of [start, wrong, right]) expect(reply.headers.get('set-cookie')).toBeNull();
  });

  it('cannot redeem the code of another client', async () => {
    await player.authenticate('new');
    await player.act('continueAuthentication');
    const code = player.last.authorizeResponse!.code!;
    const stolen = { code, client_id: 'pairstorm-cookieless', client_secret: CLIENT.secret };
    expect((await redeem(simulator.url, stolen)).json['error']).toBe('invalid_grant');
  });
});
