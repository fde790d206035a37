import { describe, expect, it } from 'vitest';
import { PATHS, RATE_LIMIT_HEADERS } from '../../protocol/transport.ts';
import { payloadOf, START } from './player.ts';
import { on, stage } from './stage.ts';
import type { Stage } from './stage.ts';

/** A start from this address. */
const startFrom = (simulator: Stage, remoteAddress: string) =>
  simulator.inject({
    method: 'GET',
    url: `${PATHS.authorization}?${new URLSearchParams(START).toString()}`,
    headers: { 'x-xsrf-header': 'x' },
    remoteAddress,
  });

describe('the rate limit', () => {
  it('gives one source address its share, answers 429 beyond it, and says when to come back', () =>
    on({ rateLimit: 10, addressShare: 0.3 }, async (simulator) => {
      const statuses = [];
      for (let n = 0; n < 4; n++) statuses.push((await startFrom(simulator, '192.0.2.1')).statusCode);
      expect(statuses).toEqual([200, 200, 200, 429]);
      const refused = await startFrom(simulator, '192.0.2.1');
      expect(refused.json()).toMatchObject({ code: 'REQUEST_LIMITED' });
      expect(refused.headers['retry-after']).toBe('1');
      expect((await startFrom(simulator, '192.0.2.2')).statusCode).toBe(200);
      simulator.pass(1_000);
      expect((await startFrom(simulator, '192.0.2.1')).statusCode).toBe(200);
    }));

  it('holds for all addresses together', () =>
    on({ rateLimit: 4, addressShare: 0.5 }, async (simulator) => {
      const statuses = [];
      for (let n = 0; n < 6; n++) statuses.push((await startFrom(simulator, `192.0.2.${n}`)).statusCode);
      expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    }));

  it('takes longer to recover the lower it is', () =>
    on({ rateLimit: 0.1, addressShare: 1 }, async (simulator) => {
      expect((await startFrom(simulator, '192.0.2.1')).statusCode).toBe(200);
      expect((await startFrom(simulator, '192.0.2.1')).headers['retry-after']).toBe('10');
    }));

  it('is said in the headers of each answer, and there are none without it', () =>
    on({ rateLimit: 20, addressShare: 0.5 }, async (simulator) => {
      const { headers } = await startFrom(simulator, '192.0.2.1');
      expect(headers[RATE_LIMIT_HEADERS.limit.toLowerCase()]).toBe('10');
      expect(headers[RATE_LIMIT_HEADERS.remaining.toLowerCase()]).toBe('9');
      expect(headers[RATE_LIMIT_HEADERS.reset.toLowerCase()]).toBe('1');
      await on({}, async (free) => {
        const plain = (await startFrom(free, '192.0.2.1')).headers;
        for (const name of Object.values(RATE_LIMIT_HEADERS)) expect(plain).not.toHaveProperty([name.toLowerCase()]);
      });
    }));

  it("is PingFederate's: the phone, the record and the heartbeat have none", () =>
    on({ rateLimit: 1, addressShare: 1 }, async (simulator) => {
      for (let n = 0; n < 3; n++) await startFrom(simulator, '127.0.0.1');
      const player = simulator.player();
      expect((await player.phone('reset', { username: 'sms' })).http).toBe(204);
      expect((await fetch(simulator.url + PATHS.heartbeat)).status).toBe(200);
    }));

  it('has a share only where there is a limit', async () => {
    await expect(stage({ addressShare: 0.5 })).rejects.toThrow(
      'addressShare has no effect; it needs a rateLimit above 0',
    );
  });
});

describe('the limits of the second factor', () => {
  it('otpAttempts: so many wrong codes lock the device', () =>
    on({ otpAttempts: 2 }, async (simulator) => {
      const player = simulator.player();
      await player.authenticate('sms', null);
      const first = await player.act('checkOtp', { otp: 'wrong' });
      expect(first.error.details?.[0]).toMatchObject({ code: 'INVALID_OTP', attemptsRemaining: 1 });
      expect((await player.act('checkOtp', { otp: 'wrong' })).error.details?.[0]?.code).toBe('OTP_ATTEMPTS_LIMIT');
      expect((await player.act('checkOtp', { otp: 'wrong' })).error.details?.[0]?.code).toBe('DEVICE_LOCKED');
    }));

  it('deviceLimit: is 15 at most, as at PingOne', async () => {
    await expect(stage({ deviceLimit: 16 })).rejects.toThrow('deviceLimit is 16; write a whole number from 1 to 15');
  });

  it('a device that the inventory has locked is shown as unusable, refused when selected, and locked again by a reset', () =>
    on({}, async (simulator) => {
      const player = simulator.player();
      await player.authenticate('part-locked', null);
      expect(player.last.devices).toMatchObject([{ id: 'locked-sms', usable: false }, { usable: true }]);
      const reply = await player.act('selectDevice', { deviceRef: { id: 'locked-sms' } });
      expect([reply.http, reply.error.code, reply.error.details?.[0]?.code]).toEqual([
        400,
        'REQUEST_FAILED',
        'DEVICE_LOCKED',
      ]);
      await player.phone('reset', { username: 'part-locked' });
      expect((await player.read()).flow.devices?.[0]?.usable).toBe(false);
    }));

  it('a push that cannot be sent is PUSH_FAILED, and the state stays', () =>
    on({}, async (simulator) => {
      const player = simulator.player();
      const reply = await player.authenticate('no-signal', null);
      expect([reply.error.code, reply.error.details?.[0]?.code]).toEqual(['REQUEST_FAILED', 'PUSH_FAILED']);
      expect((await player.read()).flow.status).toBe('AUTHENTICATION_REQUIRED');
      expect(JSON.stringify(player.last)).not.toContain('unreachable');
    }));

  it('a rooted phone is DEVICE_ROOTED, and the state stays', () =>
    on({}, async (simulator) => {
      const player = simulator.player();
      await player.signIn('mobile');
      const reply = await player.act('authenticate', { mobilePayload: payloadOf({ rooted: true }) });
      expect([reply.http, reply.error.code, reply.error.details?.[0]?.code]).toEqual([
        400,
        'REQUEST_FAILED',
        'DEVICE_ROOTED',
      ]);
      expect((await player.read()).flow.status).toBe('AUTHENTICATION_REQUIRED');
    }));
});
