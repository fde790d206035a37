import { describe, expect, it } from 'vitest';
import { payloadOf } from './player.ts';
import { PEOPLE } from './people.ts';
import { on } from './stage.ts';

describe('a policy with other states before the MFA adapter', () => {
  it('shows them in their order, with what each offers and no more', async () => {
    const policy = 'DEVICE_PROFILE_REQUIRED:submitDeviceProfile/MFA_SETUP_REQUIRED:skipMfa,cancelAuthentication';
    await on({ policy }, async (simulator) => {
      const player = simulator.player();
      await player.signIn('mobile');
      expect(player.last).toMatchObject({ status: 'DEVICE_PROFILE_REQUIRED', devices: [{ id: 'mobile-1' }] });
      expect(Object.keys(player.last._links!)).toEqual(['self', 'submitDeviceProfile']);
      for (const action of ['cancelAuthentication', 'skipMfa', 'authenticate']) {
        expect((await player.act(action)).error.code).toBe('INVALID_ACTION_ID');
      }
      await player.act('submitDeviceProfile', { deviceProfile: 'x' });
      expect(Object.keys(player.last._links!)).toEqual(['self', 'skipMfa', 'cancelAuthentication']);
      await player.act('skipMfa');
      expect(player.last.status).toBe('MFA_COMPLETED');
      expect(await player.finish()).toBe('web_login_no_devices');
    });
  });

  it('leads to the adapter by any other action, and to a device by selectDevice', async () => {
    await on({ policy: 'UNHEARD_OF:goOn,selectDevice' }, async (simulator) => {
      const player = simulator.player();
      await player.signIn('several');
      await player.act('goOn', '');
      expect(player.last.status).toBe('AUTHENTICATION_REQUIRED');
      await player.signIn('several');
      await player.act('selectDevice', { deviceRef: { id: 'sms-4' } });
      expect(player.last.status).toBe('OTP_REQUIRED');
    });
  });

  it('is where a flow begins that has no first factor, and is cancelled like any state', async () => {
    await on({ policy: 'ASSERTION_REQUIRED', firstFactor: 'none' }, async (simulator) => {
      const player = simulator.player();
      await player.start({ login_hint: 'mobile' });
      expect(player.last.status).toBe('ASSERTION_REQUIRED');
      expect((await player.act('cancelAuthentication')).flow.status).toBe('FAILED');
      const counts = (await (await fetch(`${simulator.url}/admin/counts`)).json()) as { failed: object };
      expect(counts.failed).toEqual({ STOP: 1 });
    });
  });

  it.each(['lower', 'A:', 'A:b/', 'A B', 'A:b,,c', 'A'.repeat(61), '\u001b'])('cannot be %j', async (policy) => {
    await expect(on({ policy }, () => Promise.resolve())).rejects.toThrow(/policy is .*write states like/);
  });
});

describe('a policy with a fail branch', () => {
  it('begins again where somebody cancels, and has forgotten who it was', async () => {
    await on({ failBranch: 'on' }, async (simulator) => {
      const player = simulator.player();
      await player.authenticate('mobile');
      await player.act('cancelAuthentication');
      expect(player.last).toMatchObject({ status: 'USERNAME_PASSWORD_REQUIRED' });
      expect((await player.phone('decide', { deviceId: 'mobile-1', decision: 'approve' })).json['code']).toBe(
        'NO_PUSH',
      );
      await player.act('checkUsernamePassword', { username: 'new', password: 'password of new' });
      await player.act('authenticate', { mobilePayload: payloadOf() });
      expect(player.states).toEqual([
        ...['USERNAME_PASSWORD_REQUIRED', 'AUTHENTICATION_REQUIRED', 'PUSH_CONFIRMATION_WAITING'],
        ...['USERNAME_PASSWORD_REQUIRED', 'AUTHENTICATION_REQUIRED', 'MOBILE_PAIRING_REQUIRED'],
      ]);
    });
  });
});

describe('an account', () => {
  it('is locked by passwordAttempts wrong passwords in a row, until a reset', async () => {
    await on({ passwordAttempts: 2 }, async (simulator) => {
      const player = simulator.player();
      await player.start();
      const enter = async (password: string) => {
        const { http, error } = await player.act('checkUsernamePassword', { username: 'sms', password });
        return error.details?.[0]?.code ?? http;
      };
      const right = 'password of sms';
      expect([await enter('x'), await enter(right)]).toEqual(['CREDENTIAL_VALIDATION_FAILED', 200]);
      await player.start();
      expect([await enter('x'), await enter('x')]).toEqual(Array(2).fill('CREDENTIAL_VALIDATION_FAILED'));
      expect([await enter('x'), await enter(right)]).toEqual(Array(2).fill('ACCOUNT_LOCKED_OUT'));
      await player.phone('reset', { username: 'sms' });
      expect(await enter(right)).toBe(200);
    });
  });
});

describe('a passkey', () => {
  const key = { id: 'key', type: 'FIDO2', usable: true } as const;
  const [somebody] = PEOPLE.users.filter(({ username }) => username === 'sms');
  const inventory = { ...PEOPLE, users: [{ ...somebody!, devices: [key, ...somebody!.devices] }] };

  it('is asked for by ASSERTION_REQUIRED, from which another device leads on', async () => {
    await on(
      {},
      async (simulator) => {
        const player = simulator.player();
        await player.authenticate('sms', null);
        expect(player.last.status).toBe('DEVICE_SELECTION_REQUIRED');
        await player.act('selectDevice', { deviceRef: { id: 'key' } });
        expect(player.last).toMatchObject({ status: 'ASSERTION_REQUIRED', selectedDeviceRef: { id: 'key' } });
        expect(Object.keys(player.last._links!)).toEqual(['self', 'selectDevice', 'cancelAuthentication']);
        await player.act('selectDevice', { deviceRef: { id: 'sms-1' } });
        expect(player.last.status).toBe('OTP_REQUIRED');
      },
      inventory,
    );
  });
});
