import { Agent, request } from 'undici';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PATHS } from '../../protocol/transport.ts';
import { LatencyModel } from '../../simulator/latency.ts';
import { Service } from '../../simulator/service.ts';
import { readValue } from '../../contract/setting.ts';
import type { Setting } from '../../contract/setting.ts';
import { SIMULATOR_SETTINGS, resolveSettings } from '../../simulator/settings.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { PEOPLE } from './people.ts';
import { START, payloadOf, replyOf } from './player.ts';
import { stage } from './stage.ts';

const START_PATH = `${PATHS.authorization}?${new URLSearchParams(START).toString()}`;
const XSRF = { 'x-xsrf-header': 'x' };
const answer = { httpStatus: 200, body: null, code: 'ok' };

/** A handler that is done when the test says so. */
function held(): { handle: () => Promise<typeof answer>; finish: () => void; readonly begun: boolean } {
  let finish = (): void => undefined;
  let begun = false;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return {
    handle: async () => {
      begun = true;
      await done;
      return answer;
    },
    finish,
    get begun() {
      return begun;
    },
  };
}

describe('the workers', () => {
  it('serve so many requests at a time, queue the rest in order, and refuse what the queue cannot hold', async () => {
    const service = new Service(resolveSettings({ latency: 'off', workers: 1, queueLimit: 1 }));
    const [first, second, third] = [held(), held(), held()];
    const one = service.serve('poll', first.handle);
    const two = service.serve('poll', second.handle);
    const refused = await service.serve('poll', third.handle);
    expect([refused.httpStatus, refused.headers?.['retry-after'], third.begun]).toEqual([503, '1', false]);
    expect([first.begun, second.begun, service.pool.busy, service.pool.queued]).toEqual([true, false, 1, 1]);
    first.finish();
    await one;
    second.finish();
    expect(await two).toBe(answer);
    expect([service.pool.busy, service.pool.queued]).toEqual([0, 0]);
  });

  it('are given back when a handler fails', async () => {
    const service = new Service(resolveSettings({ latency: 'off', workers: 1 }));
    const fail = service.serve('poll', () => Promise.reject(new Error('no')));
    await expect(fail).rejects.toThrow('no');
    expect(service.pool.busy).toBe(0);
  });

  it('with 0 have no limit', async () => {
    const service = new Service(resolveSettings({ latency: 'off', workers: 0 }));
    const many = Array.from({ length: 100 }, held);
    const answers = many.map(({ handle }) => service.serve('poll', handle));
    expect(many.every(({ begun }) => begun)).toBe(true);
    for (const { finish } of many) finish();
    expect(await Promise.all(answers)).toHaveLength(100);
  });

  it('answer 503 over HTTP when all are busy and nothing may queue', async () => {
    const slow = await stage({ latency: 'on', latencyScale: 20, latencySigma: 0, workers: 1, queueLimit: 0 });
    try {
      const start = () => fetch(slow.url + START_PATH, { headers: XSRF });
      const statuses = (await Promise.all([start(), start(), start()])).map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, 503, 503]);
      expect((await fetch(slow.url + PATHS.heartbeat)).status).toBe(200);
    } finally {
      await slow.close();
    }
  });
});

describe('the service times', () => {
  const drawn = (seed: number, sigma: number, scale = 1): number[] => {
    const model = new LatencyModel(seed, scale, sigma);
    return Array.from({ length: 2001 }, () => model.next('poll'));
  };

  it('follow from the seed alone', () => {
    expect(drawn(7, 0.4)).toEqual(drawn(7, 0.4));
    expect(drawn(7, 0.4)).not.toEqual(drawn(8, 0.4));
  });

  it('have the median of the table, times the scale, and the spread that is asked for', () => {
    const median = drawn(1, 0)[0]!;
    const sorted = drawn(1, 0.4, 3).sort((a, b) => a - b);
    expect(sorted[1000]! / (3 * median)).toBeCloseTo(1, 1);
    // One standard deviation of a log-normal is at the quantile 0.841 and a factor of e^sigma.
    expect(Math.log(sorted[1682]! / (3 * median))).toBeCloseTo(0.4, 1);
  });

  it('are exponential with latencyMs as their mean, or always the same, if so told', () => {
    const exponential = new LatencyModel(3, 1, 0.4, 20, 'exponential');
    const times = Array.from({ length: 4_000 }, () => exponential.next('poll'));
    const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    expect(Math.abs(mean / 20 - 1)).toBeLessThan(0.06);
    expect(Math.abs(times.filter((ms) => ms > 20).length / times.length - Math.exp(-1))).toBeLessThan(0.03);
    const fixed = new LatencyModel(3, 2, 0.4, 20, 'fixed');
    expect([fixed.next('poll'), fixed.next('start')]).toEqual([40, 40]);
  });

  it('are none for what is not PingFederate', () => {
    expect(new LatencyModel(1, 1, 1).next('decide')).toBe(0);
  });
});

describe('a server that is not always the same', () => {
  const times = async (settings: Parameters<typeof resolveSettings>[0], requests: number): Promise<number[]> => {
    const busy: number[] = [];
    const given = { latencyMs: 5, latencyShape: 'fixed', workers: 1, ...settings } as const;
    const service = new Service(resolveSettings(given), undefined, (ms) => void busy.push(ms));
    for (let at = 0; at < requests; at++) await service.serve('poll', () => answer);
    return busy;
  };

  it('is slow until its cache is warm, and again after a queue that drives the cache out', async () => {
    const warm = await times({ coldRequests: 4 }, 12);
    const least = (list: readonly number[]): number => Math.min(...list);
    expect(least(warm.slice(0, 2))).toBeGreaterThan(12);
    expect(least(warm.slice(4))).toBeLessThan(12);
    const busy: number[] = [];
    const settings = resolveSettings({
      ...{ latencyMs: 5, latencyShape: 'fixed', workers: 1, coldRequests: 2, coldAtQueue: 3 },
    });
    const service = new Service(settings, undefined, (ms) => void busy.push(ms));
    const one = () => service.serve('poll', () => answer);
    for (let at = 0; at < 4; at++) await one();
    await Promise.all(Array.from({ length: 6 }, one));
    expect(busy).toHaveLength(10);
    expect(Math.max(...busy.slice(5))).toBeGreaterThan(9);
  });

  it('stands still every so often', async () => {
    const busy = await times({ pauseEveryMs: 100, pauseMs: 40 }, 40);
    expect(busy.filter((ms) => ms > 30).length).toBeGreaterThanOrEqual(2);
    expect(busy.filter((ms) => ms < 30).length).toBeGreaterThanOrEqual(15);
  });
});

describe('the start of the simulator', () => {
  it('speaks HTTPS with a certificate of its own, and its cookie is then Secure', async () => {
    const simulator = await startSimulator({ port: 0, tls: true, latency: 'off', inventory: PEOPLE });
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    try {
      expect(simulator.url).toBe(`https://127.0.0.1:${simulator.port}`);
      const { headers, body } = await request(simulator.url + START_PATH, { headers: XSRF, dispatcher });
      expect(String(headers['set-cookie'])).toContain('; Secure');
      expect(await body.json()).toMatchObject({ status: 'USERNAME_PASSWORD_REQUIRED' });
      await expect(fetch(simulator.url + START_PATH)).rejects.toThrow();
    } finally {
      await dispatcher.close();
      await simulator.close();
    }
  });

  it('says in one line that the port is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      await expect(startSimulator({ port, inventory: PEOPLE })).rejects.toThrow(
        `port ${port} on 127.0.0.1 is in use; stop the process that listens there, or choose another port (0: a free one)`,
      );
    } finally {
      taken.close();
    }
  });

  it('refuses an inventory that has a user or a device twice', async () => {
    const [user] = PEOPLE.users.filter(({ username }) => username === 'mobile');
    const twice = (users: typeof PEOPLE.users) => startSimulator({ port: 0, inventory: { ...PEOPLE, users } });
    await expect(twice([user!, user!])).rejects.toThrow('the user "mobile" twice');
    await expect(twice([user!, { ...user!, username: 'twin' }])).rejects.toThrow('the device id "mobile-1" twice');
  });

  it('answers inject without a socket', async () => {
    const simulator = await stage();
    try {
      const response = await simulator.inject({ method: 'GET', url: PATHS.heartbeat });
      expect([response.statusCode, response.body]).toEqual([200, 'OK']);
    } finally {
      await simulator.close();
    }
  });

  it('reuses sockets: idle ones are kept for over a minute', async () => {
    const simulator = await stage();
    try {
      const { headers } = await fetch(simulator.url + PATHS.heartbeat);
      expect(headers.get('keep-alive')).toBe('timeout=75');
    } finally {
      await simulator.close();
    }
  });
});

describe('the settings', () => {
  it('have defaults that their own rules allow, each with a meaning', () => {
    expect(resolveSettings({})).toMatchObject({ port: 9031, host: '127.0.0.1', renewCookie: 'strict' });
    for (const [field, setting] of Object.entries<Setting<unknown>>(SIMULATOR_SETTINGS)) {
      expect(setting.name).toBe(field);
      expect(setting.meaning).not.toBe('');
      if (setting.default !== undefined) expect(readValue(setting, setting.default)).toBe(setting.default);
    }
  });

  it('that are wrong are refused all at once, by name, value and what is allowed', () => {
    const wrong = { port: 99_999, latency: 'maybe', timeScale: 0, workers: 1.5, baseUrl: 'https://pf/', colour: 'red' };
    expect(() => resolveSettings(wrong as object)).toThrow(
      'simulator: colour is not a setting of the simulator; port is 99999; write a whole number from 0 to 65535; ' +
        'baseUrl is "https://pf/"; write an http or https URL without a trailing slash; ' +
        'timeScale is 0; write a number ≥ 0.001; latency is "maybe"; write on or off; ' +
        'workers is 1.5; write a whole number ≥ 0',
    );
  });

  it('timeScale shortens every lifetime', async () => {
    const fast = await stage({ timeScale: 0.1 });
    try {
      const pushed = fast.player();
      await pushed.authenticate('mobile', null);
      fast.pass(1_200);
      expect((await pushed.act('poll')).flow.status).toBe('PUSH_CONFIRMATION_TIMED_OUT');
      const coded = fast.player();
      await coded.authenticate('sms', null);
      fast.pass(1_500);
      expect((await coded.act('checkOtp', { otp: '1' })).error.details?.[0]?.code).toBe('OTP_EXPIRED');
      fast.pass(3_001);
      expect((await coded.read()).http).toBe(404);
      const completed = fast.player();
      await completed.authenticate('new');
      await completed.act('continueAuthentication');
      fast.pass(6_000);
      expect((await completed.redeem()).http).toBe(400);
    } finally {
      await fast.close();
    }
  });

  it('flowIdleMs, pushMs, otpMs, codeMs, tokenMs set each lifetime', async () => {
    const own = await stage({ flowIdleMs: 900, pushMs: 200, otpMs: 300, codeMs: 400, tokenMs: 5_000 });
    try {
      const player = own.player();
      await player.authenticate('mobile', null);
      own.pass(200);
      expect((await player.read()).flow.status).toBe('PUSH_CONFIRMATION_TIMED_OUT');
      await player.authenticate('sms', null);
      own.pass(300);
      expect((await player.act('checkOtp', { otp: '1' })).error.details?.[0]?.code).toBe('OTP_EXPIRED');
      own.pass(901);
      expect((await player.read()).http).toBe(404);
      await player.authenticate('new');
      await player.act('continueAuthentication');
      own.pass(399);
      expect((await player.redeem()).token.expires_in).toBe(5);
    } finally {
      await own.close();
    }
  });

  it('baseUrl is the issuer and the base of links', async () => {
    const proxied = await stage({ baseUrl: 'https://sso.example' });
    try {
      const player = proxied.player();
      await player.start();
      expect(player.last._links?.['self']?.href).toBe(`https://sso.example${PATHS.flows}/${player.last.id}`);
      const discovery = await replyOf(await fetch(proxied.url + PATHS.discovery));
      expect(discovery.json['issuer']).toBe('https://sso.example');
    } finally {
      await proxied.close();
    }
  });

  it('clients, deviceLimit and otpResendLimit do what they say', async () => {
    const clients = [{ id: 'mine', secret: 's', cookieless: false }];
    const own = await stage({ clients, deviceLimit: 1, otpResendLimit: 0 });
    try {
      const player = own.player();
      expect((await player.start()).json['error']).toBe('invalid_client');
      await player.signIn('sms', { client_id: 'mine' });
      await player.act('authenticate', { mobilePayload: payloadOf() });
      const resend = await player.act('selectDevice', { deviceRef: { id: 'sms-1' } });
      expect(resend.error.details?.[0]?.code).toBe('OTP_RESEND_LIMIT');
      const otp = (await player.phone('code', { deviceId: 'sms-1' })).json['otp'];
      await player.act('checkOtp', { otp });
      const { serverPayload } = player.last;
      const pairing = await player.phone('pair', { serverPayload, mobilePayload: payloadOf() });
      expect(pairing.error.code).toBe('DEVICE_LIMIT');
    } finally {
      await own.close();
    }
  });

  it('seed decides codes and ids of paired phones: the same twice, others with another', async () => {
    const play = async (seed: number): Promise<string[]> => {
      const simulator = await stage({ seed });
      try {
        const player = simulator.player();
        await player.authenticate('sms', null);
        const sms = await player.phone('code', { deviceId: 'sms-1' });
        const app = await player.phone('code', { deviceId: 'mobile-1' });
        await player.authenticate('new');
        const { serverPayload } = player.last;
        const paired = await player.phone('pair', { serverPayload, mobilePayload: payloadOf() });
        return [sms.json['otp'], app.json['otp'], paired.json['deviceId']].map(String);
      } finally {
        await simulator.close();
      }
    };
    const [first, again, other] = [await play(1), await play(1), await play(2)];
    expect(again).toEqual(first);
    for (const [n, value] of other.entries()) expect(value).not.toBe(first[n]);
  });
});
