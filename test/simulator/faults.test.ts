import fc from 'fast-check';
import { LIFETIMES } from '../../simulator/wire/lifetimes.ts';
import { PATHS } from '../../protocol/transport.ts';
import { createDeployment } from '../../simulator/deployment.ts';
import { StandingFault } from '../../simulator/faults/standing-fault.ts';
import { suffer } from '../../simulator/faults/suffer.ts';
import { METRICS_PATH } from '../../simulator/routes.ts';
import { resolveSettings } from '../../simulator/settings.ts';
import { ADMIN_PATHS, FAULT_HEADER } from '../../simulator/wire/admin-api.ts';
import type { SimulatorCounts } from '../../simulator/wire/admin-api.ts';
import type { Fault, FaultList } from '../../simulator/wire/faults.ts';
import { PEOPLE } from './people.ts';
import { payloadOf } from './player.ts';
import type { Player, Reply } from './player.ts';
import { stage } from './stage.ts';
import type { Stage } from './stage.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let simulator: Stage;
let player: Player;
beforeAll(async () => {
  simulator = await stage();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await fetch(simulator.url + ADMIN_PATHS.reset, { method: 'POST' });
  player = simulator.player();
});

const admin = (method: string, below = '', body?: string): Promise<Response> =>
  fetch(simulator.url + ADMIN_PATHS.faults + below, { method, ...(body === undefined ? {} : { body }) });
const put = async (...faults: Fault[]): Promise<void> => {
  expect((await admin('PUT', '', JSON.stringify(faults))).status).toBe(200);
};
const counts = async (): Promise<SimulatorCounts> =>
  (await (await fetch(simulator.url + ADMIN_PATHS.counts)).json()) as SimulatorCounts;
const list = async (): Promise<FaultList> => (await (await admin('GET')).json()) as FaultList;
const faultOf = (reply: Reply): string | null => reply.headers.get(FAULT_HEADER);

/** A request whose connection the simulator is to cut; says whether any answer came whole. */
const isCut = (request: Promise<unknown>): Promise<boolean> =>
  request.then(
    () => false,
    () => true,
  );

describe('a fault', () => {
  it('of kind status answers in place of the action, names itself, and leaves state and session as they were', async () => {
    await player.authenticate('mobile');
    const { cookie } = player;
    await put({ name: 'busy', kind: 'status', status: 503, retryAfterS: 2, steps: ['poll'] });
    const reply = await player.act('poll');
    expect([reply.http, faultOf(reply), reply.headers.get('retry-after')]).toEqual([503, 'busy', '2']);
    expect(reply.headers.get('content-type')).toBe('text/html');
    expect(player.cookie).toBe(cookie);
    expect((await admin('DELETE', '/busy')).status).toBe(204);
    const after = await player.act('poll');
    expect([after.http, faultOf(after)]).toEqual([200, null]);
  });

  it('of kind status may answer as the endpoint does: with a code, or with an OAuth error, or with nothing', async () => {
    const limited = { kind: 'status', status: 429, body: 'json' } as const;
    await put(
      { name: 'limit', ...limited, steps: ['checkUsernamePassword', 'token'] },
      { name: 'mute', kind: 'status', status: 502, body: 'empty', steps: ['readFlow'] },
    );
    expect((await player.signIn('sms')).error.code).toBe('REQUEST_LIMITED');
    expect((await player.redeem()).json['error']).toBe('invalid_request');
    const mute = await player.read();
    expect([mute.http, mute.json]).toEqual([502, {}]);
  });

  it('of kind garbled answers 200 with a page', async () => {
    await put({ name: 'portal', kind: 'garbled', steps: ['start'] });
    const reply = await player.start();
    expect([reply.http, faultOf(reply), reply.headers.get('content-type')]).toEqual([200, 'portal', 'text/html']);
    expect((await counts()).starts).toBe(0);
  });

  it('of kind drop cuts the connection, and nothing was done', async () => {
    await player.authenticate('sms', null);
    await put({ name: 'cable', kind: 'drop', steps: ['cancelAuthentication'] });
    expect(await isCut(player.act('cancelAuthentication'))).toBe(true);
    await admin('DELETE');
    expect((await player.read()).flow.status).toBe('OTP_REQUIRED');
    expect((await counts()).faults).toEqual({ cable: { cancelAuthentication: { named: 0, cut: 1 } } });
  });

  it('of kind half-answer cuts the connection in the middle of the answer, and everything was done', async () => {
    await player.authenticate('sms', null);
    await put({ name: 'half', kind: 'half-answer', steps: ['cancelAuthentication'] });
    expect(await isCut(player.act('cancelAuthentication'))).toBe(true);
    expect(await counts()).toMatchObject({
      failed: { OTP_REQUIRED: 1 },
      faults: { half: { cancelAuthentication: { named: 0, cut: 1 } } },
    });
  });

  it('of kind delay holds the request, and lets it go when the fault is removed', async () => {
    await put({ name: 'slow', kind: 'delay', delayMs: 600_000, steps: ['start'] });
    const held = player.start();
    while ((await list()).faults[0]?.held !== 1) continue;
    expect((await counts()).starts).toBe(0);
    expect((await admin('DELETE', '/slow')).status).toBe(204);
    const reply = await held;
    expect([reply.http, faultOf(reply), reply.flow.status]).toEqual([200, 'slow', 'USERNAME_PASSWORD_REQUIRED']);
  });

  it('of kind delay is named in the answer that it held', async () => {
    await put({ name: 'slow', kind: 'delay', delayMs: 1, steps: ['start'] });
    expect(faultOf(await player.start())).toBe('slow');
  });

  it('of kind lost-push lets the flow wait for what no phone knows, until it times out', async () => {
    await put({ name: 'apns', kind: 'lost-push', first: 1 });
    const reply = await player.authenticate('mobile', null);
    expect([reply.flow.status, faultOf(reply)]).toEqual(['PUSH_CONFIRMATION_WAITING', 'apns']);
    const decide = await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    expect([decide.error.code, faultOf(decide)]).toEqual(['NO_PUSH', 'apns']);
    simulator.pass(LIFETIMES.pushMs);
    expect((await player.act('poll')).flow.status).toBe('PUSH_CONFIRMATION_TIMED_OUT');
    const again = await player.act('selectDevice', { deviceRef: { id: 'mobile-1' } });
    expect(faultOf(again)).toBeNull();
    expect((await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' })).http).toBe(200);
  });

  it('of kind lost-push hits nothing where no push is sent', async () => {
    await put({ name: 'apns', kind: 'lost-push' });
    expect(faultOf(await player.authenticate('sms'))).toBeNull();
    expect((await counts()).faults).toEqual({});
  });

  it('of kind forget-flows is a restart: flows, codes and pushes of before are gone, accounts are not', async () => {
    const done = simulator.player();
    await done.authenticate('new');
    await done.phone('pair', { serverPayload: done.last.serverPayload, mobilePayload: payloadOf() });
    await done.act('continueAuthentication');
    await player.authenticate('mobile', null);
    await put({ name: 'restart', kind: 'forget-flows' });
    const poll = await player.act('poll');
    expect([poll.http, poll.error.code, faultOf(poll)]).toEqual([404, 'FLOW_NOT_FOUND', 'restart']);
    const decide = await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    expect([decide.error.code, faultOf(decide)]).toEqual(['NO_PUSH', 'restart']);
    const token = await done.redeem();
    expect([token.json['error'], faultOf(token)]).toEqual(['invalid_grant', 'restart']);
    const record = await counts();
    expect([record.starts, record.completed, record.open]).toEqual([2, { device_paired: 1 }, {}]);
    expect(record.forgotten).toEqual({ PUSH_CONFIRMATION_WAITING: 1 });
    const again = simulator.player();
    await again.authenticate('mobile', null);
    expect((await again.phone('decide', { deviceId: 'mobile-1', decision: 'approve' })).http).toBe(200);
    const twice = await again.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    expect([twice.error.code, faultOf(twice)]).toEqual(['NO_PUSH', null]);
    const later = await simulator.player().signIn('new');
    expect([later.http, later.flow.devices?.length, faultOf(later)]).toEqual([200, 1, null]);
  });

  it('hits the phone only by name of the call', async () => {
    await put({ name: 'everything', kind: 'status', status: 500 });
    expect((await player.phone('code', { deviceId: 'sms-1' })).error.code).toBe('NO_CODE');
    await put({ name: 'phone', kind: 'status', status: 500, steps: ['code', 'decide', 'pair'] });
    expect(faultOf(await player.phone('code', { deviceId: 'sms-1' }))).toBe('phone');
    expect((await player.phone('reset', { username: 'sms' })).http).toBe(204);
  });

  it.each(['jwt', 'opaque'] as const)(
    'hits userinfo and introspection by the user of the %s token',
    async (accessToken) => {
      const own = await stage({ accessToken });
      try {
        const user = own.player();
        await user.authenticate('new');
        await user.act('continueAuthentication');
        const token = (await user.redeem()).token.access_token;
        const fault = { name: 'once', kind: 'status', status: 502, steps: ['userinfo', 'introspect'], first: 1 };
        await fetch(own.url + ADMIN_PATHS.faults, { method: 'PUT', body: JSON.stringify([fault]) });
        const headers = { authorization: `Bearer ${token}` };
        const statuses = [];
        for (let n = 0; n < 2; n++) statuses.push((await fetch(own.url + PATHS.userinfo, { headers })).status);
        expect(statuses).toEqual([502, 200]);
      } finally {
        await own.close();
      }
    },
  );

  it('that was added first hits before others', async () => {
    await put(
      { name: 'first', kind: 'status', status: 500, steps: ['start'], first: 1 },
      { name: 'second', kind: 'garbled', steps: ['start'] },
    );
    const hint = { login_hint: 'sms' };
    const names = [faultOf(await player.start(hint)), faultOf(await player.start(hint))];
    expect(names).toEqual(['first', 'second']);
  });
});

describe('the share of users', () => {
  const names = Array.from({ length: 60 }, (_, n) => `run.${n}`);
  const struck = async (fault: Partial<Fault> = {}): Promise<string[]> => {
    await put({ name: 'some', kind: 'status', status: 503, steps: ['start'], share: 0.25, ...fault } as Fault);
    const hit = [];
    for (const state of names) if (faultOf(await player.start({ state })) !== null) hit.push(state);
    return hit;
  };

  it('follows from the seed: the same twice, in any order of requests, and others with another seed', async () => {
    const once = await struck();
    names.reverse();
    expect((await struck()).reverse()).toEqual(once);
    names.reverse();
    expect(await struck({ seed: 99 })).not.toEqual(once);
  });

  it('is what is asked for', () => {
    const standing = new StandingFault({ name: 'some', kind: 'drop', share: 0.25 }, 1);
    const hit = Array.from({ length: 4_000 }, (_, n) => standing.hits(`user ${n}`)).filter(Boolean).length;
    // Binomial(4000, 1/4): five standard deviations are 137.
    expect(Math.abs(hit - 1_000)).toBeLessThan(138);
  });

  it('and the first requests of each: the first 2 polls of half of the users, and no more', async () => {
    await put({ name: 'polls', kind: 'status', status: 503, steps: ['poll'], share: 0.5, first: 2 });
    const hits: Record<string, (string | null)[]> = {};
    for (const username of ['mobile', 'no-app-code', 'several']) {
      const user = simulator.player();
      await user.authenticate(username, { deviceId: username === 'several' ? 'mobile-4' : null });
      hits[username] = [];
      for (let n = 0; n < 4; n++) hits[username].push(faultOf(await user.act('poll')));
    }
    for (const polls of Object.values(hits)) {
      expect([
        ['polls', 'polls', null, null],
        [null, null, null, null],
      ]).toContainEqual(polls);
    }
    const { faults } = await list();
    const total = Object.values(hits)
      .flat()
      .filter((name) => name !== null).length;
    expect(faults[0]?.hits.poll?.named ?? 0).toBe(total);
  });
});

describe('who is hit', () => {
  it('depends on the requests of each user alone, however those of others come between', () => {
    const users = fc.constantFrom('ann', 'bob', 'cy', 'dee', 'eve');
    const fault = fc.record({
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
      first: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.nat(), fault, fc.array(users, { maxLength: 40 }), (seed, whom, requests) => {
        const hitsOf = (order: readonly string[]): Record<string, boolean[]> => {
          const standing = new StandingFault({ name: 'x', kind: 'drop', steps: ['poll'], ...whom }, seed);
          const hits: Record<string, boolean[]> = {};
          for (const user of order) {
            const hit = standing.hits(user);
            if (hit) standing.use(user);
            (hits[user] ??= []).push(hit);
          }
          return hits;
        };
        const hits = hitsOf(requests);
        expect(hitsOf([...requests].sort())).toEqual(hits);
        for (const list of Object.values(hits)) {
          const count = list.filter(Boolean).length;
          expect([0, Math.min(whom.first, list.length)]).toContain(count);
          expect(list.slice(0, count).every(Boolean)).toBe(true);
        }
      }),
    );
  });
});

describe('the counts', () => {
  it('say what each fault hit, by step, after it was removed too, and the metrics say it by kind', async () => {
    await put({ name: 'busy', kind: 'status', status: 503, steps: ['start', 'poll'] });
    await player.start();
    await player.start();
    await admin('DELETE');
    expect((await counts()).faults).toEqual({ busy: { start: { named: 2, cut: 0 } } });
    expect((await list()).faults).toEqual([]);
    const text = await (await fetch(simulator.url + METRICS_PATH)).text();
    expect(text).toMatch(/faulty_answers_total\{kind="status",action="start"\} \d/);
  });

  it('keep apart the answers that nobody waits for any more', async () => {
    const deployment = await createDeployment(resolveSettings({}), PEOPLE, Date.now);
    deployment.faults.add({ name: 'slow', kind: 'delay', delayMs: 1, steps: ['start'] });
    const call = { method: 'GET', url: '/', flowId: '', headers: {}, body: '', address: '', arrivedAt: 0 };
    const answer = { httpStatus: 200, body: null, code: 'ok' };
    for (const gone of [true, false]) {
      await suffer(
        deployment,
        'start',
        call,
        async () => answer,
        () => undefined,
        () => gone,
      );
    }
    expect(deployment.counts.hitsOf('slow')).toEqual({ start: { named: 1, cut: 1 } });
  });

  it('and the faults are gone after a reset', async () => {
    await put({ name: 'busy', kind: 'status', status: 503 });
    await player.start();
    await fetch(simulator.url + ADMIN_PATHS.reset, { method: 'POST' });
    expect((await counts()).faults).toEqual({});
    expect((await player.start()).http).toBe(200);
  });
});

describe('the admin API of faults', () => {
  const refusal = async (method: string, below: string, body?: unknown) => {
    const response = await admin(method, below, typeof body === 'string' ? body : JSON.stringify(body));
    const { code, message } = (await response.json()) as { code: string; message: string };
    return [response.status, code, message];
  };

  it.each([
    ['[', 'it is not JSON'],
    [{}, 'faults is an object; expected a list'],
    [[{ name: 'x' }], 'faults[0].kind is missing; expected one of status, delay'],
    [[{ name: 'X y', kind: 'drop' }], 'faults[0].name is "X y"; expected 1 to 40 lower-case letters'],
    [[{ name: 'x', kind: 'drop', steps: ['dance'] }], 'faults[0].steps[0] is "dance"; expected one of start'],
    [[{ name: 'x', kind: 'drop', steps: [] }], 'faults[0].steps is empty'],
    [[{ name: 'x', kind: 'drop', share: 0 }], 'faults[0].share is 0, which affects nobody'],
    [[{ name: 'x', kind: 'drop', share: 1.5 }], 'faults[0].share is 1.5; expected a number from 0 to 1'],
    [[{ name: 'x', kind: 'drop', delayMs: 5 }], 'faults[0].delayMs is not known'],
    [[{ name: 'x', kind: 'lost-push', steps: ['poll'] }], 'expected one of authenticate, selectDevice'],
    [[{ name: 'x', kind: 'forget-flows', first: 1 }], 'faults[0].first is not known'],
    [
      [
        { name: 'x', kind: 'drop' },
        { name: 'x', kind: 'drop' },
      ],
      'faults[1].name is "x", like an earlier one',
    ],
  ])('refuses %j and adds nothing', async (body, message) => {
    for (const method of ['PUT', 'POST']) {
      const [status, code, said] = await refusal(method, '', body);
      expect([status, code]).toEqual([400, 'INVALID_REQUEST']);
      expect(said).toContain(message);
    }
    expect((await list()).faults).toEqual([]);
  });

  it('POST adds to those that stand and replaces one of the same name, PUT replaces all', async () => {
    const listed = async () => (await list()).faults.map(({ fault }) => fault.name);
    await admin('POST', '', JSON.stringify([{ name: 'a', kind: 'drop' }]));
    await admin(
      'POST',
      '',
      JSON.stringify([
        { name: 'b', kind: 'garbled' },
        { name: 'a', kind: 'garbled' },
      ]),
    );
    expect(await listed()).toEqual(['b', 'a']);
    await admin('PUT', '', JSON.stringify([{ name: 'c', kind: 'drop' }]));
    expect(await listed()).toEqual(['c']);
  });

  it('knows how many may stand, and which', async () => {
    const many = (letter: string, n: number) =>
      Array.from({ length: n }, (_, k) => ({ name: `${letter}-${k}`, kind: 'drop' }));
    await put(...(many('a', 100) as Fault[]));
    expect((await refusal('POST', '', many('b', 1))).slice(0, 2)).toEqual([409, 'TOO_MANY_FAULTS']);
    expect((await refusal('PUT', '', many('b', 101))).slice(0, 2)).toEqual([400, 'INVALID_REQUEST']);
    expect((await refusal('DELETE', '/nobody')).slice(0, 2)).toEqual([404, 'UNKNOWN_FAULT']);
  });
});
