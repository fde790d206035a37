import { describe, expect, it } from 'vitest';
import { payloadOf } from './player.ts';
import { on, stage } from './stage.ts';

describe('the first factor', () => {
  it('identifier: asks for the name, then for the password of the name, which it shows', () =>
    on({ firstFactor: 'identifier' }, async (simulator) => {
      const player = simulator.player();
      await player.start();
      expect(player.last.status).toBe('IDENTIFIER_REQUIRED');
      expect(Object.keys(player.last._links!)).toEqual(['self', 'submitIdentifier', 'cancelAuthentication']);
      expect((await player.act('submitIdentifier', {})).error.details?.[0]?.code).toBe('FIELD_REQUIRED');
      await player.act('submitIdentifier', { identifier: 'new' });
      expect(player.last).toMatchObject({ status: 'USERNAME_PASSWORD_REQUIRED', username: 'new' });
      await player.act('checkUsernamePassword', { username: 'new', password: 'password of new' });
      await player.act('authenticate', { mobilePayload: payloadOf() });
      expect(await player.finish()).toBe('device_not_paired');
    }));

  it('custom: is due in a status and passed by an action of names that the settings give', () =>
    on({ firstFactor: 'custom', customStatus: 'BADGE_REQUIRED', customAction: 'checkBadge' }, async (simulator) => {
      const player = simulator.player();
      await player.start({ login_hint: 'mobile' });
      expect(player.last).toMatchObject({ status: 'BADGE_REQUIRED', username: 'mobile' });
      expect(Object.keys(player.last._links!)).toEqual(['self', 'checkBadge', 'cancelAuthentication']);
      const wrong = await player.act('checkBadge', { who: 'sms', badge: 'password of new' });
      expect(wrong.error.details?.[0]?.code).toBe('CREDENTIAL_VALIDATION_FAILED');
      expect((await player.act('checkPin', { badge: 'password of mobile' })).error.code).toBe('INVALID_ACTION_ID');
      await player.act('checkBadge', { who: 'sms', badge: 'password of sms' });
      expect(player.last).toMatchObject({ status: 'AUTHENTICATION_REQUIRED', user: { username: 'sms' } });
      expect((await player.act('checkBadge', {})).error.code).toBe('INVALID_ACTION_ID');
      const hinted = simulator.player();
      await hinted.start({ login_hint: 'mobile' });
      await hinted.act('checkBadge', { pin: 'password of mobile' });
      expect(hinted.last).toMatchObject({ status: 'AUTHENTICATION_REQUIRED', user: { username: 'mobile' } });
      const cancelled = simulator.player();
      await cancelled.start();
      expect((await cancelled.act('cancelAuthentication')).flow.status).toBe('FAILED');
    }));

  it('none: login_hint names the user, and the flow begins with the MFA adapter', () =>
    on({ firstFactor: 'none' }, async (simulator) => {
      const player = simulator.player();
      await player.start({ login_hint: 'sms' });
      expect(player.last).toMatchObject({ status: 'AUTHENTICATION_REQUIRED', user: { username: 'sms' } });
      expect((await player.act('authenticate')).flow.status).toBe('OTP_REQUIRED');
      for (const login_hint of ['', 'nobody']) {
        const refused = await simulator.player().start({ login_hint });
        expect([refused.http, refused.json['error']]).toEqual([400, 'invalid_request']);
      }
    }));

  it('custom names without a custom first factor are an error', async () => {
    await expect(stage({ customAction: 'checkBadge' })).rejects.toThrow(
      'customAction has no effect; it needs firstFactor custom',
    );
  });
});
