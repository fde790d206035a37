import { Agent, fetch as fetchOf } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import { LIFETIMES } from '../../simulator/wire/lifetimes.ts';
import { decodeBase32, hotp } from '../../simulator/totp.ts';
import { TOTP_SECRET } from './people.ts';
import { payloadOf, Player } from './player.ts';
import type { Fetch } from './player.ts';
import { stage } from './stage.ts';
import type { Stage } from './stage.ts';

/** The first two states of every flow here. */
const SIGN_IN = ['USERNAME_PASSWORD_REQUIRED', 'AUTHENTICATION_REQUIRED'];

// Titles and order are those of protocol.md section 5; what else each situation may lead to is in flows.test.ts.
describe.each([
  ['HTTP', false],
  ['HTTPS', true],
])('the flows that the mission names, over %s', (_scheme, tls) => {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const trusting = ((url: string, init: object = {}) => fetchOf(url, { ...init, dispatcher })) as unknown as Fetch;
  let simulator: Stage;
  let player: Player;
  beforeAll(async () => {
    simulator = await stage({ tls });
  });
  afterAll(async () => {
    await simulator.close();
    await dispatcher.close();
  });
  beforeEach(async () => {
    await trusting(simulator.url + ADMIN_PATHS.reset, { method: 'POST' });
    player = new Player(simulator.url, trusting);
  });

  const pair = (phone = payloadOf()) =>
    player.phone('pair', { serverPayload: player.last.serverPayload, mobilePayload: phone });
  const decide = (deviceId: string, decision: 'approve' | 'deny') => player.phone('decide', { deviceId, decision });
  const codeOn = async (deviceId: string) => String((await player.phone('code', { deviceId })).json['otp']);
  const detail = (reply: Awaited<ReturnType<Player['act']>>) => reply.error.details?.[0]?.code;
  const counts = async () => (await (await trusting(simulator.url + ADMIN_PATHS.counts)).json()) as object;

  describe('initial device, automatic pairing: first factor → authenticate → serverPayload → pair → continue → token', () => {
    beforeEach(async () => {
      await player.authenticate('new');
      expect(player.last.serverPayload).toBeTypeOf('string');
    });
    const ended = [...SIGN_IN, 'MOBILE_PAIRING_REQUIRED', 'COMPLETED'];

    it('F1 paired: device_paired', async () => {
      expect((await pair()).http).toBe(200);
      expect(await player.finish()).toBe('device_paired');
      expect(player.states).toEqual(ended);
    });

    it('F2 not paired (user or SDK gave up), continued all the same: device_not_paired', async () => {
      expect(await player.finish()).toBe('device_not_paired');
      expect(player.states).toEqual(ended);
    });

    it('F3 an error during pairing: still a success on the wire, pairing_error', async () => {
      expect((await pair(payloadOf({ integrity: 'broken' }))).error.code).toBe('PAIRING_FAILED');
      expect(await player.finish()).toBe('pairing_error');
      expect(player.states).toEqual(ended);
    });
  });

  describe('additional device, automatic pairing: first factor → payload → authenticate', () => {
    const waiting = [...SIGN_IN, 'PUSH_CONFIRMATION_WAITING'];

    it('F4 one mobile device: PUSH_CONFIRMATION_WAITING → poll repeated → approved, then the phone is paired', async () => {
      await player.authenticate('mobile');
      for (let n = 0; n < 3; n++) expect((await player.act('poll')).flow.status).toBe('PUSH_CONFIRMATION_WAITING');
      await decide('mobile-1', 'approve');
      await player.act('poll');
      expect((await pair()).http).toBe(200);
      expect(await player.finish()).toBe('device_paired');
      expect(player.states).toEqual([...waiting, 'MOBILE_PAIRING_REQUIRED', 'COMPLETED']);
    });

    it('F5 the same, denied', async () => {
      await player.authenticate('mobile');
      await decide('mobile-1', 'deny');
      await player.act('poll');
      await player.act('cancelAuthentication');
      expect(player.states).toEqual([...waiting, 'PUSH_CONFIRMATION_REJECTED', 'FAILED']);
    });

    it('F6 the same, nobody answers: timed out, and given up', async () => {
      await player.authenticate('mobile');
      simulator.pass(LIFETIMES.pushMs);
      await player.act('poll');
      await player.act('cancelAuthentication');
      expect(player.states).toEqual([...waiting, 'PUSH_CONFIRMATION_TIMED_OUT', 'FAILED']);
    });

    it('F6 the same, nobody answers: timed out, and retried by selectDevice', async () => {
      await player.authenticate('mobile', null);
      simulator.pass(LIFETIMES.pushMs);
      await player.act('poll');
      await player.act('selectDevice', { deviceRef: { id: 'mobile-1' } });
      await decide('mobile-1', 'approve');
      await player.act('poll');
      expect(await player.finish()).toBe('mobile_login_mobile');
      const again = ['PUSH_CONFIRMATION_TIMED_OUT', 'PUSH_CONFIRMATION_WAITING', 'MFA_COMPLETED', 'COMPLETED'];
      expect(player.states).toEqual([...waiting, ...again]);
    });

    const passed = [...SIGN_IN, 'OTP_REQUIRED', 'MFA_COMPLETED', 'COMPLETED'];

    it.each([
      ['SMS', 'sms', 'sms-1', 'mobile_login_sms'],
      ['email', 'email', 'email-1', 'mobile_login_email'],
      ['TOTP', 'totp', null, 'mobile_login_otp'],
    ])('F7 one %s device: OTP_REQUIRED → checkOtp, right at once', async (_type, username, deviceId, result) => {
      await player.authenticate(username, null);
      const totp = hotp(decodeBase32(TOTP_SECRET)!, Math.floor(simulator.now() / 30_000));
      await player.act('checkOtp', { otp: deviceId === null ? totp : await codeOn(deviceId) });
      expect(await player.finish()).toBe(result);
      expect(player.states).toEqual(passed);
    });

    it('F7 OTP_REQUIRED → checkOtp, wrong then right', async () => {
      await player.authenticate('sms', null);
      expect((await player.act('checkOtp', { otp: 'wrong' })).error.details).toMatchObject([
        { code: 'INVALID_OTP', attemptsRemaining: 2 },
      ]);
      await player.act('checkOtp', { otp: await codeOn('sms-1') });
      expect(await player.finish()).toBe('mobile_login_sms');
      expect(player.states).toEqual(passed);
    });

    it('F7 OTP_REQUIRED → checkOtp, wrong to the limit', async () => {
      await player.authenticate('sms', null);
      const refusals = [];
      for (let n = 0; n < 3; n++) refusals.push(detail(await player.act('checkOtp', { otp: 'wrong' })));
      expect(refusals).toEqual(['INVALID_OTP', 'INVALID_OTP', 'OTP_ATTEMPTS_LIMIT']);
      expect(player.states).toEqual([...SIGN_IN, 'OTP_REQUIRED']);
    });

    it('F7 OTP_REQUIRED → checkOtp, expired', async () => {
      await player.authenticate('sms', null);
      const otp = await codeOn('sms-1');
      simulator.pass(LIFETIMES.otpMs);
      expect(detail(await player.act('checkOtp', { otp }))).toBe('OTP_EXPIRED');
      expect(player.states).toEqual([...SIGN_IN, 'OTP_REQUIRED']);
    });

    const selecting = [...SIGN_IN, 'DEVICE_SELECTION_REQUIRED'];

    it('F8 several devices: DEVICE_SELECTION_REQUIRED → selectDevice → push', async () => {
      await player.authenticate('several', null);
      await player.act('selectDevice', { deviceRef: { id: 'mobile-4' } });
      await decide('mobile-4', 'approve');
      await player.act('poll');
      expect(await player.finish()).toBe('mobile_login_mobile');
      expect(player.states).toEqual([...selecting, 'PUSH_CONFIRMATION_WAITING', 'MFA_COMPLETED', 'COMPLETED']);
    });

    it('F8 several devices: DEVICE_SELECTION_REQUIRED → selectDevice → OTP', async () => {
      await player.authenticate('several', null);
      await player.act('selectDevice', { deviceRef: { id: 'sms-4' } });
      await player.act('checkOtp', { otp: await codeOn('sms-4') });
      expect(await player.finish()).toBe('mobile_login_sms');
      expect(player.states).toEqual([...selecting, 'OTP_REQUIRED', 'MFA_COMPLETED', 'COMPLETED']);
    });

    it('F9 … → selectDevice → DEVICE_SELECTION_REQUIRED again', async () => {
      await player.authenticate('several', null);
      const reply = await player.act('selectDevice', { deviceRef: { id: 'email-4' } });
      expect([reply.http, reply.flow.status]).toEqual([200, 'DEVICE_SELECTION_REQUIRED']);
      await player.act('selectDevice', { deviceRef: { id: 'sms-4' } });
      await player.act('checkOtp', { otp: await codeOn('sms-4') });
      expect(await player.finish()).toBe('mobile_login_sms');
    });
  });

  describe('authorization on a paired device', () => {
    it('F10 authenticate → push to this device → poll → MFA_COMPLETED (device_authorized) → continue → token', async () => {
      await player.authenticate('several', { deviceId: 'mobile-4' });
      expect(player.last.selectedDeviceRef).toEqual({ id: 'mobile-4' });
      await decide('mobile-4', 'approve');
      expect((await player.act('poll')).flow).toMatchObject({ status: 'MFA_COMPLETED', code: 'device_authorized' });
      expect(await player.finish()).toBe('device_authorized');
    });
  });

  describe('endings', () => {
    it('F11 cancelAuthentication mid-flow → FAILED', async () => {
      await player.authenticate('mobile');
      await player.act('cancelAuthentication');
      expect(player.states.slice(-2)).toEqual(['PUSH_CONFIRMATION_WAITING', 'FAILED']);
    });

    it.each([
      ['no usable device', 'unusable'],
      ['a locked user', 'locked'],
    ])('F12 MFA_FAILED (%s)', async (_why, username) => {
      await player.authenticate(username);
      await player.act('cancelAuthentication');
      expect(player.states).toEqual([...SIGN_IN, 'MFA_FAILED', 'FAILED']);
    });

    it('F13 flow expired (404)', async () => {
      await player.authenticate('sms');
      simulator.pass(LIFETIMES.flowIdleMs + 1);
      const reply = await player.act('checkOtp', { otp: '000000' });
      expect([reply.http, reply.error.code]).toEqual([404, 'FLOW_NOT_FOUND']);
    });

    it('F14 abandoned: the client stops (phone off), the flow is kept until it times out', async () => {
      await player.authenticate('sms');
      simulator.pass(LIFETIMES.flowIdleMs);
      expect(await counts()).toMatchObject({ open: { OTP_REQUIRED: 1 }, expired: {} });
      simulator.pass(1);
      expect(await counts()).toMatchObject({ open: {}, expired: { OTP_REQUIRED: 1 } });
    });

    it('F15 a browser drives the flow (waits with GET), the phone only decides, through its own API', async () => {
      await player.authenticate('mobile', null);
      const before = player.last;
      for (let n = 0; n < 3; n++) expect((await player.read()).flow).toEqual(before);
      await decide('mobile-1', 'approve');
      for (let n = 0; n < 3; n++) expect((await player.read()).flow.status).toBe('MFA_COMPLETED');
      expect(await player.finish()).toBe('mobile_login_mobile');
      expect(player.states).toEqual([...SIGN_IN, 'PUSH_CONFIRMATION_WAITING', 'MFA_COMPLETED', 'COMPLETED']);
    });
  });

  it('F15 GET never changes the state, whatever it is', async () => {
    const unchanged = async (): Promise<void> => {
      const { last } = player;
      for (let n = 0; n < 2; n++) expect((await player.read()).flow).toEqual(last);
    };
    for (const username of ['new', 'mobile', 'sms', 'several', 'locked']) {
      await player.start();
      await unchanged();
      await player.signIn(username);
      await unchanged();
      await player.act('authenticate', { mobilePayload: payloadOf() });
      await unchanged();
    }
    expect(await counts()).toMatchObject({ completed: {}, failed: {} });
  });
});
