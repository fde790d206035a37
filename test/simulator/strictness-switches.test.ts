import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATHS } from '../../protocol/transport.ts';
import type { STRICTNESS_SETTINGS } from '../../simulator/settings/strictness.ts';
import type { Player, Reply } from './player.ts';
import { stage } from './stage.ts';
import type { Stage } from './stage.ts';

/** A client that does one thing wrong, the code it gets for it, and what it gets where that is let pass. */
interface WrongClient {
  readonly name: string;
  readonly does: (player: Player) => Promise<Reply>;
  readonly code: string;
  readonly served: string;
}

const SIGN_IN = { username: 'sms', password: 'password of sms' };

const post = (player: Player, query: string, headers: Record<string, string>, body: string): Promise<Reply> =>
  player.send(`${PATHS.flows}/${player.last.id}${query}`, { method: 'POST', headers, body });

const WRONG_CLIENTS: Readonly<Record<keyof typeof STRICTNESS_SETTINGS, readonly WrongClient[]>> = {
  renewCookie: [
    {
      name: 'keeps the first cookie for good',
      does: async (player) => {
        await player.start();
        const { cookie } = player;
        await player.act('checkUsernamePassword', { ...SIGN_IN, password: 'mistyped' });
        await player.read();
        player.cookie = cookie;
        return player.act('checkUsernamePassword', SIGN_IN);
      },
      code: 'SESSION_NOT_FOUND',
      served: 'AUTHENTICATION_REQUIRED',
    },
  ],
  checkXsrf: [
    {
      name: 'sends no X-XSRF-Header',
      does: async (player) => {
        await player.start();
        const headers = { 'X-XSRF-Header': '', 'content-type': 'application/json' };
        return post(player, '?action=checkUsernamePassword', headers, JSON.stringify(SIGN_IN));
      },
      code: 'XSRF_HEADER_REQUIRED',
      served: 'AUTHENTICATION_REQUIRED',
    },
  ],
  checkContentType: ['text/plain', 'application/x-www-form-urlencoded'].map((type) => ({
    name: `sends its actions as ${type}`,
    does: async (player) => {
      await player.start();
      return post(player, '?action=checkUsernamePassword', { 'content-type': type }, JSON.stringify(SIGN_IN));
    },
    code: 'INVALID_CONTENT_TYPE',
    served: 'AUTHENTICATION_REQUIRED',
  })),
  checkRequired: [
    {
      name: 'leaves the password out',
      does: async (player) => {
        await player.start();
        return player.act('checkUsernamePassword', { username: 'sms' });
      },
      code: 'FIELD_REQUIRED',
      served: 'AUTHENTICATION_REQUIRED',
    },
    {
      name: 'selects no device in particular',
      does: async (player) => {
        await player.authenticate('several', null);
        return player.act('selectDevice', {});
      },
      code: 'FIELD_REQUIRED',
      served: 'PUSH_CONFIRMATION_WAITING',
    },
    ...['sms', 'totp', 'no-push'].map((username) => ({
      name: `as ${username}, enters no passcode`,
      does: async (player: Player) => {
        await player.authenticate(username, null);
        return player.act('checkOtp', {});
      },
      code: 'FIELD_REQUIRED',
      served: 'MFA_COMPLETED',
    })),
    {
      name: 'sends an empty body instead of {}',
      does: async (player) => {
        await player.signIn('sms');
        return player.act('authenticate', '');
      },
      code: 'INVALID_REQUEST',
      served: 'OTP_REQUIRED',
    },
  ],
  checkUnknown: [
    {
      name: 'sends a field that no model has',
      does: async (player) => {
        await player.start();
        return player.act('checkUsernamePassword', { ...SIGN_IN, rememberMe: true });
      },
      code: 'UNRECOGNIZED_FIELD_NAME',
      served: 'AUTHENTICATION_REQUIRED',
    },
  ],
  checkState: [
    {
      name: 'continues before anything is done',
      does: async (player) => {
        await player.start();
        return player.act('continueAuthentication');
      },
      code: 'INVALID_ACTION_ID',
      served: 'USERNAME_PASSWORD_REQUIRED',
    },
    {
      name: 'polls where there is no push',
      does: async (player) => {
        await player.authenticate('sms', null);
        return player.act('poll');
      },
      code: 'INVALID_ACTION_ID',
      served: 'OTP_REQUIRED',
    },
  ],
};

describe.each(Object.entries(WRONG_CLIENTS))('%s', (setting, clients) => {
  let strict: Stage;
  let lax: Stage;
  beforeAll(async () => {
    strict = await stage({ [setting]: 'strict' });
    lax = await stage({ [setting]: 'off' });
  });
  afterAll(() => Promise.all([strict.close(), lax.close()]));

  for (const { name, does, code, served } of clients) {
    it(`strict: a client that ${name} is refused with ${code}; off: it is served`, async () => {
      const refused = await does(strict.player());
      expect(refused.http).toBeGreaterThanOrEqual(400);
      expect(refused.error.details?.[0]?.code ?? refused.error.code).toBe(code);
      const reply = await does(lax.player());
      expect([reply.http, reply.flow.status]).toEqual([200, served]);
    });
  }
});
