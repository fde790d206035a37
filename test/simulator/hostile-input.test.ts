import fc from 'fast-check';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import { PHONE_BASE_PATH, PHONE_PATHS } from '../../simulator/wire/phone-api.ts';
import { ACTIONS } from '../../protocol/actions.ts';
import { PATHS } from '../../protocol/transport.ts';
import { payloadOf, replyOf } from './player.ts';
import { stage } from './stage.ts';
import type { Stage } from './stage.ts';

let simulator: Stage;
beforeAll(async () => {
  simulator = await stage();
});
afterAll(() => simulator.close());

const paths = [
  PATHS.authorization,
  PATHS.token,
  PATHS.introspect,
  PATHS.userinfo,
  ...Object.values(PHONE_PATHS).map((path) => PHONE_BASE_PATH + path),
  ADMIN_PATHS.counts,
  '/%2e%2e/',
];
const types = [
  'application/json',
  'application/x-www-form-urlencoded',
  'text/plain',
  '',
  ...Object.keys(ACTIONS).map((action) => `application/vnd.pingidentity.${action}+json`),
];
const words = [
  'pairstorm',
  'pi.flow',
  'code',
  'constructor',
  '__proto__',
  payloadOf(),
  'mobile-1',
  'sms-1',
  'approve',
  'eyJhbGciOiJub25lIn0.eyJmbG93IjoieCJ9.',
];
const names = ['username', 'password', 'otp', 'deviceRef', 'deviceId', 'decision', 'mobilePayload', 'serverPayload'];
const OAUTH_NAMES = ['client_id', 'response_type', 'response_mode', 'state', 'code', 'grant_type', 'code_verifier'];

const word = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 30 }));
const name = fc.oneof(fc.constantFrom(...names, ...OAUTH_NAMES, '__proto__', 'toString'), fc.string({ maxLength: 10 }));
const body = fc.oneof(
  fc.dictionary(name, fc.oneof(word, fc.jsonValue())).map((value) => JSON.stringify(value)),
  fc.array(fc.tuple(name, word)).map((pairs) => new URLSearchParams(pairs).toString()),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string(),
);
const headerText = fc.stringMatching(/^[\x21-\x7e]{0,40}$/);
const hostile = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  path: fc.oneof(
    fc.constant('FLOW'),
    fc.constantFrom(...paths),
    fc.string().map((text) => `/${encodeURIComponent(text)}`),
  ),
  query: fc.array(fc.tuple(name, word), { maxLength: 6 }),
  type: fc.oneof(fc.constantFrom(...types), headerText),
  cookie: fc.oneof(fc.constant('OWN'), headerText),
  authorization: fc.oneof(
    fc.constant(''),
    headerText,
    headerText.map((text) => `Basic ${btoa(text)}`),
  ),
  body,
});

describe('whatever a client sends', () => {
  it('is answered below 500 in our own words, and a good flow works after it', async () => {
    const player = simulator.player();
    await fc.assert(
      fc.asyncProperty(hostile, async ({ method, path, query, type, cookie, authorization, body }) => {
        if (path === 'FLOW' && player.last.id === '') await player.authenticate('several');
        const target = path === 'FLOW' ? `${PATHS.flows}/${player.last.id}` : path;
        const headers: Record<string, string> = { 'X-XSRF-Header': 'x', authorization };
        headers['cookie'] = cookie === 'OWN' ? (player.cookie ?? '') : cookie;
        if (method !== 'GET') headers['content-type'] = type;
        const url = `${simulator.url}${target}?${new URLSearchParams(query).toString()}`;
        const response = await fetch(url, { method, headers, ...(method === 'GET' ? {} : { body }) });
        const renewed = response.headers.getSetCookie()[0]?.split(';')[0];
        if (renewed !== undefined && path === 'FLOW') player.cookie = renewed;
        const reply = await replyOf(response);
        // What is hostile by chance also cancels or finishes the flow: then the next request gets a new one.
        if (path === 'FLOW' && reply.http === 404) player.last = { id: '', status: '' };
        expect(reply.http).toBeLessThan(500);
        if (reply.http >= 400) expect(reply.json['code'] ?? reply.json['error']).toMatch(/^[A-Za-z_]+$/);
      }),
      { numRuns: 500 },
    );
    const good = simulator.player();
    await good.authenticate('new');
    expect(await good.finish()).toBe('device_not_paired');
  });

  it('may even be no HTTP at all', async () => {
    for (const bytes of [
      'GET / HTTP/9\r\n\r\n',
      '\0\0\0\0',
      'POST /phone/pair HTTP/1.1\r\nContent-Length: 99\r\n\r\n{',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(simulator.port, '127.0.0.1', () => socket.end(bytes));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    }
    expect((await fetch(simulator.url + PATHS.heartbeat)).status).toBe(200);
  });
});
