import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PATHS } from '../../protocol/transport.ts';
import { KEYS, SECRET, claimsFor, pemOf, signed, testUsers } from '../lib/deployment/request-objects.ts';
import type { Claims } from '../lib/deployment/request-objects.ts';
import { START } from './player.ts';
import { on } from './stage.ts';
import type { Stage } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-request-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const EC = file('ec.pem', pemOf(KEYS.ec.publicKey));
const ISSUER = 'https://sso.example.com';
const SETTINGS = { requestKeyFile: EC, baseUrl: ISSUER };

/** The answer to a start with these parameters besides the usual ones. */
const start = async (simulator: Stage, more: Record<string, string>) => {
  const query = new URLSearchParams({ ...START, ...more }).toString();
  return simulator.inject({ method: 'GET', url: `${PATHS.authorization}?${query}` });
};

/** Signs in the first user as far as the passcode, and gives that answer. */
async function askedForCode(simulator: Stage, more: Record<string, string>): Promise<Record<string, unknown>> {
  const started = await start(simulator, more);
  let cookie = '';
  let flow = started.json<Record<string, unknown>>();
  let answer = started;
  for (const [action, body] of [
    ['checkUsernamePassword', { username: 'tester-0', password: 'secret-0' }],
    ['authenticate', {}],
  ] as const) {
    cookie = String(answer.headers['set-cookie']).split(';')[0]!;
    answer = await simulator.inject({
      method: 'POST',
      url: `${PATHS.flows}/${String(flow['id'])}`,
      headers: { 'x-xsrf-header': 'x', 'content-type': `application/vnd.pingidentity.${action}+json`, cookie },
      payload: JSON.stringify(body),
    });
    flow = answer.json();
  }
  return flow;
}

describe('A request object', () => {
  it.each([
    ['ES256', EC, KEYS.ec.privateKey],
    ['RS256', file('rsa.pem', pemOf(KEYS.rsa.publicKey)), KEYS.rsa.privateKey],
    ['PS256', file('rsa.json', JSON.stringify(KEYS.rsa.publicKey.export({ format: 'jwk' }))), KEYS.rsa.privateKey],
    ['HS256', file('secret', SECRET), Buffer.from(SECRET)],
    ['ES256', file('private.pem', pemOf(KEYS.ec.privateKey)), KEYS.ec.privateKey],
  ])('is taken where it is signed with the client’s key: %s', async (alg, requestKeyFile, key) => {
    await on({ ...SETTINGS, requestKeyFile }, async (simulator) => {
      const request = await signed(claimsFor(ISSUER), key, alg);
      expect((await start(simulator, { request })).statusCode).toBe(200);
    });
  });

  it.each<[string, Claims, RegExp]>([
    ['has expired', { exp: 1 }, /has expired/],
    ['never expires', { exp: undefined }, /claim exp/],
    ['is for somebody else', { aud: 'https://other.example.com' }, /claim aud/],
    ['is for nobody', { aud: undefined }, /claim aud/],
    ['is of no client', { client_id: undefined }, /claim client_id/],
    ['is of another client', { client_id: 'other', iss: 'other' }, /client_id/],
    ['holds another one', { request: 'x.y.z' }, /holds a request object/],
    ['asks for something else', { response_type: 'token' }, /response_type/],
  ])('is refused where it %s', async (_title, other, why) => {
    await on(SETTINGS, async (simulator) => {
      const answer = await start(simulator, { request: await signed(claimsFor(ISSUER, other)) });
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({
        error: 'invalid_request_object',
        error_description: expect.stringMatching(why) as string,
      });
    });
  });

  it('is refused where another key signed it, another algorithm, or none', () =>
    on(SETTINGS, async (simulator) => {
      const none = (await signed(claimsFor(ISSUER))).replace(/[^.]*$/, '');
      const texts = [
        await signed(claimsFor(ISSUER), KEYS.rsa.privateKey, 'RS256'),
        await signed(claimsFor(ISSUER), Buffer.from(pemOf(KEYS.ec.publicKey)), 'HS256'),
        ...[none, 'x.y.z', 'none'],
      ];
      for (const request of texts) {
        expect((await start(simulator, { request })).json()).toMatchObject({ error: 'invalid_request_object' });
      }
    }));

  it('is refused by a server that takes none', () =>
    on({}, async (simulator) => {
      const answer = await start(simulator, { request: await signed(claimsFor(ISSUER)) });
      expect(answer.json()).toMatchObject({ error: 'request_not_supported' });
    }));

  it('leaves state beside it in force, or not, as the deployment has it', async () => {
    const states: string[][] = [];
    for (const besideRequest of ['used', 'ignored'] as const) {
      await on({ ...SETTINGS, besideRequest }, async (simulator) => {
        await start(simulator, { request: await signed(claimsFor(ISSUER)), state: 'run-7.steady-1' });
        const counts = (await simulator.inject({ url: '/admin/counts' })).json<{ startsByRun: object }>();
        states.push(Object.keys(counts.startsByRun));
      });
    }
    expect(states).toEqual([['run-7'], ['']]);
  });
});

describe('The code of a test device', () => {
  const users = testUsers(1);
  const codeOf = async (simulator: Stage, more: Record<string, string>): Promise<unknown> => {
    const flow = await askedForCode(simulator, more);
    expect(flow['status']).toBe('OTP_REQUIRED');
    return (flow['test'] as { otp: unknown } | undefined)?.otp;
  };

  it('is in the answer to a client whose signed request object says so, and goes nowhere else', () =>
    on(
      SETTINGS,
      async (simulator) => {
        const flow = await askedForCode(simulator, { request: await signed(claimsFor(ISSUER)) });
        expect(flow).toMatchObject({
          status: 'OTP_REQUIRED',
          test: { otp: expect.stringMatching(/^\d{6}$/) as string },
        });
        expect(JSON.stringify(flow['devices'])).not.toContain('testMode');
        const asked = { method: 'POST', url: '/phone/code', payload: JSON.stringify({ deviceId: 'csv-1' }) } as const;
        expect((await simulator.inject(asked)).json()).toMatchObject({ code: 'NO_CODE' });
      },
      users,
    ));

  it('is not shown without that claim, or to whoever writes it into the query', () =>
    on(
      SETTINGS,
      async (simulator) => {
        const without = await signed(claimsFor(ISSUER, { 'pi.testDevice': undefined }));
        expect(await codeOf(simulator, { request: without, 'pi.testDevice': 'allow' })).toBeUndefined();
        expect(await codeOf(simulator, { 'pi.testDevice': 'allow' })).toBeUndefined();
      },
      users,
    ));

  it('of a device of a person is never shown', () =>
    on(
      SETTINGS,
      async (simulator) => {
        expect(await codeOf(simulator, { request: await signed(claimsFor(ISSUER)) })).toBeUndefined();
      },
      {
        ...users,
        users: users.users.map((user) => ({
          ...user,
          devices: user.devices.map(({ id, type }) => ({ id, type, usable: true })),
        })),
      },
    ));
});
