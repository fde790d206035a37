import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { PATHS } from '../../protocol/transport.ts';
import { decodeBase32, hotp } from '../../simulator/totp.ts';
import { TOTP_SECRET } from './people.ts';
import { START, replyOf } from './player.ts';
import { on } from './stage.ts';

// The other misconfigurations that can be planted have tests elsewhere: XSRF and cookie renewal (strictness), the claim
// (status places), the certificate (service), the headers of a rate limit (limits).
describe('a misconfigured deployment', () => {
  it('redirectless off: no client may use redirectless flows', () =>
    on({ redirectless: 'off' }, async (simulator) => {
      const reply = await simulator.player().start();
      expect([reply.http, reply.json['error']]).toEqual([400, 'unauthorized_client']);
    }));

  it('heartbeat off: there is none', () =>
    on({ heartbeat: 'off' }, async (simulator) => {
      const reply = await replyOf(await fetch(simulator.url + PATHS.heartbeat));
      expect([reply.http, reply.error.code]).toEqual([404, 'RESOURCE_NOT_FOUND']);
    }));

  it.each([3_600, -90])('clockSkewS %i: the Date header, the tokens and the TOTPs are of another time', (clockSkewS) =>
    on({ clockSkewS }, async (simulator) => {
      const shifted = simulator.now() + clockSkewS * 1000;
      const player = simulator.player();
      const { headers } = await player.start();
      expect(Date.parse(headers.get('date')!)).toBe(Math.floor(shifted / 1000) * 1000);
      await player.authenticate('totp', null);
      const step = Math.floor(shifted / 30_000);
      const early = await player.act('checkOtp', { otp: hotp(decodeBase32(TOTP_SECRET)!, step - clockSkewS / 30) });
      expect(early.error.details?.[0]?.code).toBe('INVALID_OTP');
      await player.act('checkOtp', { otp: hotp(decodeBase32(TOTP_SECRET)!, step) });
      await player.act('continueAuthentication');
      const { token } = await player.redeem();
      for (const jwt of [token.access_token, token.id_token!]) {
        expect(decodeJwt(jwt).iat).toBe(Math.floor(shifted / 1000));
      }
      const authorization = `Bearer ${token.access_token}`;
      expect((await fetch(simulator.url + PATHS.userinfo, { headers: { authorization } })).status).toBe(200);
    }),
  );

  it('roundTripMs: every answer takes so much longer', () =>
    on({ roundTripMs: 60 }, async (simulator) => {
      const before = performance.now();
      await simulator.inject({ method: 'GET', url: PATHS.heartbeat });
      expect(performance.now() - before).toBeGreaterThan(50);
    }));

  it.each([
    ['pairstorm', 'a cookie', 'PF', null],
    ['pairstorm-cookieless', 'no cookie', null, '_pf_authn_api_state'],
  ])('the client %s gets %s, whatever its user expects', (client_id, _what, cookie, field) =>
    on({}, async (simulator) => {
      const query = new URLSearchParams({ ...START, client_id }).toString();
      const headers = { 'X-XSRF-Header': 'x' };
      const reply = await replyOf(await fetch(`${simulator.url}${PATHS.authorization}?${query}`, { headers }));
      expect(reply.headers.get('set-cookie')?.split('=')[0] ?? null).toBe(cookie);
      expect('_pf_authn_api_state' in reply.json ? '_pf_authn_api_state' : null).toBe(field);
      const sent = await replyOf(await fetch(`${simulator.url}${PATHS.flows}/${reply.flow.id}`, { headers }));
      expect([sent.http, sent.error.code]).toEqual([403, 'SESSION_NOT_FOUND']);
    }),
  );
});
