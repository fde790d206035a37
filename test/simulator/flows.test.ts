import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LIFETIMES } from '../../simulator/wire/lifetimes.ts';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import { hotp, decodeBase32 } from '../../simulator/totp.ts';
import { TOTP_SECRET } from './people.ts';
import { claimsOf, payloadOf } from './player.ts';
import type { Player } from './player.ts';
import { stage } from './stage.ts';
import type { Stage } from './stage.ts';

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

/** Takes a started pairing to the phone. */
const pair = (phone = payloadOf()) =>
  player.phone('pair', { serverPayload: player.last.serverPayload, mobilePayload: phone });

const codeOn = async (deviceId: string): Promise<string> =>
  String((await player.phone('code', { deviceId })).json['otp']);

const detail = (reply: Awaited<ReturnType<Player['act']>>): string | undefined => reply.error.details?.[0]?.code;

// Each named flow from its start to its end is in named-flows.test.ts; here is what else its situations lead to.
describe('the first device', () => {
  it('F1: a phone that pairs itself with the serverPayload ends as device_paired, and is then a device of the user', async () => {
    expect((await player.signIn('new')).flow).toMatchObject({ status: 'AUTHENTICATION_REQUIRED', devices: [] });
    await player.act('authenticate', { mobilePayload: payloadOf() });
    expect(player.last.status).toBe('MOBILE_PAIRING_REQUIRED');
    const { json } = await pair();
    expect(await player.finish()).toBe('device_paired');
    const again = simulator.player();
    const { flow } = await again.signIn('new');
    expect(flow.devices).toMatchObject([{ id: json['deviceId'], type: 'iPhone', name: 'iPhone 16', role: 'PRIMARY' }]);
  });

  it('a pairing that fails and then works ends as device_paired', async () => {
    await player.authenticate('new');
    await pair(payloadOf({ integrity: 'broken' }));
    expect((await pair()).http).toBe(200);
    expect(await player.finish()).toBe('device_paired');
  });

  it('a serverPayload pairs once, and only in its own flow', async () => {
    await player.authenticate('new');
    expect((await pair()).http).toBe(200);
    expect((await pair()).error.code).toBe('INVALID_SERVER_PAYLOAD');
    const { serverPayload } = player.last;
    await player.finish();
    const late = await player.phone('pair', { serverPayload, mobilePayload: payloadOf() });
    expect(late.error.code).toBe('INVALID_SERVER_PAYLOAD');
  });

  it('a serverPayload with a changed signature pairs nothing', async () => {
    await player.authenticate('new');
    const [head, claims] = player.last.serverPayload!.split('.');
    const forged = `${head}.${claims}.${'A'.repeat(86)}`;
    const reply = await player.phone('pair', { serverPayload: forged, mobilePayload: payloadOf() });
    expect([reply.http, reply.error.code]).toEqual([400, 'INVALID_SERVER_PAYLOAD']);
    expect(await player.finish()).toBe('device_not_paired');
  });

  it('of two pairings at once only one succeeds', async () => {
    await player.authenticate('new');
    const codes = (await Promise.all([pair(), pair(), pair()])).map((reply) => reply.http);
    expect(codes.sort()).toEqual([200, 400, 400]);
  });

  it('a payload that nobody can read, and one of a rooted phone, are refused without ending the flow', async () => {
    await player.signIn('new');
    expect(detail(await player.act('authenticate', { mobilePayload: '%%%' }))).toBe('INVALID_MOBILE_PAYLOAD');
    const broken = { mobilePayload: payloadOf({ integrity: 'broken' }) };
    expect(detail(await player.act('authenticate', broken))).toBe('INVALID_MOBILE_PAYLOAD');
    const rooted = await player.act('authenticate', { mobilePayload: payloadOf({ rooted: true }) });
    expect([rooted.error.code, detail(rooted)]).toEqual(['REQUEST_FAILED', 'DEVICE_ROOTED']);
    await player.act('authenticate', { mobilePayload: payloadOf() });
    expect(player.last.status).toBe('MOBILE_PAIRING_REQUIRED');
  });
});

describe('an additional device', () => {
  it('F4: polls wait until the push is approved, then the new phone is paired', async () => {
    await player.authenticate('mobile');
    expect(player.last).toMatchObject({ status: 'PUSH_CONFIRMATION_WAITING', selectedDeviceRef: { id: 'mobile-1' } });
    expect((await player.act('poll')).flow.status).toBe('PUSH_CONFIRMATION_WAITING');
    await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    expect((await player.act('poll')).flow.status).toBe('MOBILE_PAIRING_REQUIRED');
    await pair();
    expect(await player.finish()).toBe('device_paired');
  });

  it('F4 with a failed pairing says pairing_error under the second documented name', async () => {
    await player.authenticate('mobile');
    await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    await player.read();
    await pair(payloadOf({ integrity: 'broken' }));
    await player.act('continueAuthentication');
    const claims = claimsOf((await player.redeem()).token.access_token);
    expect(claims).toMatchObject({ 'com.pingidentity.pingone.status': 'com.pingidentity.pingone.pairing_error' });
    expect(claims).not.toHaveProperty(['pingone.mfa.status']);
  });

  it('F4 without a payload has nothing to pair: MFA_COMPLETED, mobile_login_mobile', async () => {
    await player.authenticate('mobile', null);
    await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    expect((await player.act('poll')).flow).toMatchObject({ status: 'MFA_COMPLETED', code: 'mobile_login_mobile' });
    expect(await player.finish()).toBe('mobile_login_mobile');
  });

  it('F5: a denied push leads to PUSH_CONFIRMATION_REJECTED, where only cancelling is left', async () => {
    await player.authenticate('mobile');
    await player.phone('decide', { deviceId: 'mobile-1', decision: 'deny' });
    const { flow } = await player.act('poll');
    expect(flow.status).toBe('PUSH_CONFIRMATION_REJECTED');
    expect(Object.keys(flow._links!)).toEqual(['self', 'cancelAuthentication']);
    expect((await player.act('cancelAuthentication')).flow.status).toBe('FAILED');
  });

  it('F6: a push that nobody answers times out; selecting the device again sends another', async () => {
    await player.authenticate('mobile', null);
    simulator.pass(LIFETIMES.pushMs);
    expect((await player.act('poll')).flow.status).toBe('PUSH_CONFIRMATION_TIMED_OUT');
    const late = await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    expect([late.http, late.error.code]).toEqual([404, 'NO_PUSH']);
    await player.act('selectDevice', { deviceRef: { id: 'mobile-1' } });
    await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' });
    expect((await player.act('poll')).flow.status).toBe('MFA_COMPLETED');
  });

  it("F6: the timed-out push may be replaced by the app's code", async () => {
    await player.authenticate('mobile', null);
    simulator.pass(LIFETIMES.pushMs);
    await player.read();
    expect(player.last._links).toHaveProperty('checkOtp');
    expect((await player.act('checkOtp', { otp: await codeOn('mobile-1') })).flow.status).toBe('MFA_COMPLETED');
  });

  it('F6: a device without a code of its own offers none', async () => {
    await player.authenticate('no-app-code', null);
    expect(player.last._links).not.toHaveProperty('checkOtp');
    expect((await player.act('checkOtp', { otp: '123456' })).error.code).toBe('INVALID_ACTION_ID');
  });

  it('a mobile device without push asks for the code of its app', async () => {
    await player.authenticate('no-push', null);
    expect(player.last.status).toBe('OTP_REQUIRED');
    expect((await player.act('checkOtp', { otp: await codeOn('mobile-3') })).flow.status).toBe('MFA_COMPLETED');
  });

  it('F7: a wrong code says how many attempts remain, then the right one passes to pairing', async () => {
    await player.authenticate('email');
    const { error } = await player.act('checkOtp', { otp: 'wrong' });
    expect(error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ code: 'INVALID_OTP', attemptsRemaining: 2 }] });
    // The widget prints a target into its text.
    expect(error.details![0]).not.toHaveProperty('target');
    await player.act('checkOtp', { otp: await codeOn('email-1') });
    expect(player.last.status).toBe('MOBILE_PAIRING_REQUIRED');
    await pair();
    expect(await player.finish()).toBe('device_paired');
  });

  it('F7: the third wrong code uses the attempts up and locks the device until a reset', async () => {
    await player.authenticate('sms', null);
    const refusals = [];
    for (let n = 0; n < 4; n++) refusals.push(detail(await player.act('checkOtp', { otp: 'wrong' })));
    expect(refusals).toEqual(['INVALID_OTP', 'INVALID_OTP', 'OTP_ATTEMPTS_LIMIT', 'DEVICE_LOCKED']);
    const next = simulator.player();
    expect((await next.authenticate('sms', null)).flow.status).toBe('MFA_FAILED');
    expect((await next.phone('reset', { username: 'sms' })).http).toBe(204);
    expect((await next.authenticate('sms', null)).flow.status).toBe('OTP_REQUIRED');
  });

  it('F7: a code that came too late has expired; a new one works', async () => {
    await player.authenticate('sms', null);
    const old = await codeOn('sms-1');
    simulator.pass(LIFETIMES.otpMs);
    expect(detail(await player.act('checkOtp', { otp: old }))).toBe('OTP_EXPIRED');
    await player.act('selectDevice', { deviceRef: { id: 'sms-1' } });
    expect(await codeOn('sms-1')).not.toBe(old);
    expect((await player.act('checkOtp', { otp: await codeOn('sms-1') })).flow.status).toBe('MFA_COMPLETED');
  });

  it('F7: codes are sent again only so often', async () => {
    await player.authenticate('sms', null);
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push(detail(await player.act('selectDevice', { deviceRef: { id: 'sms-1' } })));
    expect(answers).toEqual([undefined, undefined, undefined, undefined, undefined, 'OTP_RESEND_LIMIT']);
  });

  it('F7: a TOTP of now passes and its attempts have their own limit', async () => {
    const secret = decodeBase32(TOTP_SECRET)!;
    const step = Math.floor(simulator.now() / 30_000);
    await player.authenticate('totp', null);
    expect((await player.phone('code', { deviceId: 'totp-1' })).error.code).toBe('NO_CODE');
    expect(detail(await player.act('checkOtp', { otp: hotp(secret, step - 3) }))).toBe('INVALID_OTP');
    await player.act('checkOtp', { otp: hotp(secret, step - 1) });
    expect(await player.finish()).toBe('mobile_login_otp');
    await player.authenticate('totp', null);
    const refusals = [];
    for (let n = 0; n < 3; n++) refusals.push(detail(await player.act('checkOtp', { otp: 'wrong' })));
    expect(refusals.at(-1)).toBe('TOTP_ATTEMPTS_LIMIT');
  });

  it('F8: of several devices the user selects one', async () => {
    await player.authenticate('several', null);
    expect(player.last.status).toBe('DEVICE_SELECTION_REQUIRED');
    expect(player.last.devices?.map(({ id }) => id)).toEqual(['mobile-4', 'sms-4', 'email-4']);
    await player.act('selectDevice', { deviceRef: { id: 'mobile-4' } });
    expect(player.last).toMatchObject({ status: 'PUSH_CONFIRMATION_WAITING', changeDevicePermitted: true });
    await player.act('selectDevice', { deviceRef: { id: 'sms-4' } });
    expect(player.last.status).toBe('OTP_REQUIRED');
    expect((await player.phone('decide', { deviceId: 'mobile-4', decision: 'approve' })).error.code).toBe('NO_PUSH');
  });

  it('F8: a code sent to the device that was selected before plays no part any more', async () => {
    await player.authenticate('several', null);
    await player.act('selectDevice', { deviceRef: { id: 'sms-4' } });
    const old = await codeOn('sms-4');
    await player.act('selectDevice', { deviceRef: { id: 'mobile-4' } });
    expect(detail(await player.act('checkOtp', { otp: old }))).toBe('INVALID_OTP');
    expect((await player.act('checkOtp', { otp: await codeOn('mobile-4') })).flow.status).toBe('MFA_COMPLETED');
  });

  it('F8: a device of somebody else is refused', async () => {
    await player.authenticate('several', null);
    expect(detail(await player.act('selectDevice', { deviceRef: { id: 'sms-1' } }))).toBe('INVALID_DEVICE');
  });

  it('F9: a device that is not usable leads back to the selection', async () => {
    await player.authenticate('several', null);
    expect((await player.act('selectDevice', { deviceRef: { id: 'email-4' } })).http).toBe(200);
    expect(player.last.status).toBe('DEVICE_SELECTION_REQUIRED');
    await player.act('selectDevice', { deviceRef: { id: 'sms-4' } });
    expect(player.last.status).toBe('OTP_REQUIRED');
  });

  it('a user with the allowed number of devices gets no further one', async () => {
    await player.authenticate('full');
    await player.act('selectDevice', { deviceRef: { id: 'full-a' } });
    await player.act('checkOtp', { otp: await codeOn('full-a') });
    expect((await pair()).error.code).toBe('DEVICE_LIMIT');
    expect(await player.finish()).toBe('pairing_error');
  });
});

describe('the endings', () => {
  it('F11: cancelling in mid-flow ends it as FAILED, and the flow is gone', async () => {
    await player.authenticate('mobile');
    expect((await player.act('cancelAuthentication')).flow).toMatchObject({ status: 'FAILED' });
    expect((await player.read()).error.code).toBe('FLOW_NOT_FOUND');
  });

  it.each(['locked', 'unusable'])('F12: a user who is %s comes to MFA_FAILED and can only cancel', async (username) => {
    const { flow } = await player.authenticate(username);
    expect(flow.status).toBe('MFA_FAILED');
    expect(Object.keys(flow._links!)).toEqual(['self', 'cancelAuthentication']);
    expect((await player.act('cancelAuthentication')).flow).toMatchObject({ status: 'FAILED', code: flow.code });
  });

  it('F12: a user without devices and without a phone comes to MFA_FAILED', async () => {
    expect((await player.authenticate('new', null)).flow.status).toBe('MFA_FAILED');
  });

  it('F13: a flow without a request for its lifetime answers 404', async () => {
    await player.authenticate('sms');
    simulator.pass(LIFETIMES.flowIdleMs);
    expect((await player.read()).http).toBe(200);
    simulator.pass(LIFETIMES.flowIdleMs + 1);
    const reply = await player.act('checkOtp', { otp: '000000' });
    expect([reply.http, reply.error.code]).toEqual([404, 'FLOW_NOT_FOUND']);
  });
});
