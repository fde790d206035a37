import { describe, expect, it } from 'vitest';
import { PATHS } from '../../protocol/transport.ts';
import type { SimulatorSettings } from '../../simulator/settings.ts';
import { CLIENT, claimsOf, replyOf } from './player.ts';
import { stage } from './stage.ts';

const STATUS = 'com.pingidentity.pingone.device_not_paired';

/** Where the claim is found after one flow, and whether the access token can be read. */
async function placesOf(settings: Partial<SimulatorSettings>, claim = 'pingone.mfa.status') {
  const simulator = await stage(settings);
  try {
    const player = simulator.player();
    await player.authenticate('new');
    await player.act('continueAuthentication');
    const { token } = await player.redeem();
    const authorization = `Bearer ${token.access_token}`;
    const userinfo = await replyOf(await fetch(simulator.url + PATHS.userinfo, { headers: { authorization } }));
    const form = new URLSearchParams({ token: token.access_token, client_id: CLIENT.id, client_secret: CLIENT.secret });
    const introspection = await replyOf(await fetch(simulator.url + PATHS.introspect, { method: 'POST', body: form }));
    expect(userinfo.json['username']).toBe('new');
    expect(introspection.json).toMatchObject({ active: true, client_id: 'pairstorm' });
    const readable = token.access_token.split('.').length === 3;
    const found = {
      access_token: readable ? claimsOf(token.access_token)[claim] : undefined,
      id_token: claimsOf(token.id_token!)[claim],
      userinfo: userinfo.json[claim],
      introspection: introspection.json[claim],
    };
    const places = Object.entries(found).flatMap(([place, value]) => (value === STATUS ? [place] : []));
    return { places, readable, tokens: JSON.stringify([readable ? claimsOf(token.access_token) : '', userinfo.json]) };
  } finally {
    await simulator.close();
  }
}

describe('the status attribute', () => {
  it('is in the access token, the ID token, userinfo and introspection by default', async () => {
    const { places } = await placesOf({});
    expect(places).toEqual(['access_token', 'id_token', 'userinfo', 'introspection']);
  });

  it.each(['access_token', 'id_token', 'userinfo', 'introspection'] as const)('is in %s alone', async (statusIn) => {
    const { places } = await placesOf({ statusIn, statusAttribute: 'acme.mfa' }, 'acme.mfa');
    expect(places).toEqual([statusIn]);
  });

  it('is behind an opaque access token, in userinfo and introspection', async () => {
    expect(await placesOf({ accessToken: 'opaque' })).toMatchObject({
      places: ['id_token', 'userinfo', 'introspection'],
      readable: false,
    });
    expect((await placesOf({ accessToken: 'opaque', statusIn: 'introspection' })).places).toEqual(['introspection']);
  });

  it('is nowhere with none, sealed or not', async () => {
    const { places, tokens } = await placesOf({ statusAttribute: 'none' });
    expect(places).toEqual([]);
    expect(tokens).not.toContain('device_not_paired');
  });

  it('cannot be put where nobody can read it', async () => {
    await expect(stage({ accessToken: 'opaque', statusIn: 'access_token' })).rejects.toThrow('needs accessToken jwt');
    await expect(stage({ statusAttribute: 'none', statusIn: 'userinfo' })).rejects.toThrow('needs a statusAttribute');
  });
});

describe('an opaque access token', () => {
  it('of another start, changed, or outdated opens nothing', async () => {
    const simulator = await stage({ accessToken: 'opaque', tokenMs: 5_000 });
    const other = await stage({ accessToken: 'opaque' });
    try {
      const player = simulator.player();
      await player.authenticate('new');
      await player.act('continueAuthentication');
      const { access_token: token } = (await player.redeem()).token;
      const userinfo = async (url: string, bearer: string) =>
        (await fetch(url + PATHS.userinfo, { headers: { authorization: `Bearer ${bearer}` } })).status;
      expect(token).toMatch(/^[\w-]+$/);
      expect(await userinfo(simulator.url, token)).toBe(200);
      expect(await userinfo(simulator.url, token.slice(0, -2))).toBe(401);
      expect(await userinfo(other.url, token)).toBe(401);
      simulator.pass(5_000);
      expect(await userinfo(simulator.url, token)).toBe(401);
    } finally {
      await simulator.close();
      await other.close();
    }
  });
});
