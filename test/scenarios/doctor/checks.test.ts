import { describe, expect, it } from 'vitest';
import { people } from '../../lib/deployment/stage.ts';
import { startFront } from '../../lib/deployment/front.ts';
import { visit, wrongIn } from './visit.ts';

describe('doctor, where all is well', () => {
  it.each([
    ['a cookieless client', { PF_CLIENT_ID: 'pairstorm-cookieless', PF_STATE: 'cookieless' }, {}],
    ['identifier first', {}, { firstFactor: 'identifier' }],
    ['no first factor', { PF_PARAMETERS: 'login_hint={{username}}' }, { firstFactor: 'none' }],
    [
      'a first factor of the deployment’s own',
      {
        PF_CUSTOM_STATUS: 'PIN_REQUIRED',
        PF_CUSTOM_ACTION: 'checkPin',
        PF_CUSTOM_BODY: '{"badge":"{{username}}","pin":"{{password}}"}',
      },
      { firstFactor: 'custom' },
    ],
    ['a secret by HTTP Basic', { PF_CLIENT_SECRET: 'pairstorm-secret', PF_CLIENT_AUTH: 'basic' }, {}],
    [
      'opaque tokens, read by userinfo',
      { PF_STATUS_FROM: 'userinfo' },
      { accessToken: 'opaque', statusIn: 'userinfo' },
    ],
    ['actions by query', { PF_ACTION_STYLE: 'query' }, {}],
    ['a claim of the deployment’s own', { PF_STATUS_CLAIM: 'mfaStatus' }, { statusAttribute: 'mfaStatus' }],
    ['a rate limit above RATE', { RATE: '1' }, { rateLimit: 100 }],
  ] as const)('%s: says so', async (_title, env, settings) => {
    const { checks } = await visit({ env, settings });
    expect(checks.filter(({ is, check }) => is !== 'right' && check !== 'round_trip')).toEqual([]);
  });
});

describe('doctor, where something is wrong', () => {
  it.each([
    ['a clock that is behind', {}, { clockSkewS: -120 }, 'clock', /NTP/],
    ['PF_STATE=cookieless for another client', { PF_STATE: 'cookieless' }, {}, 'session', /^set PF_STATE=cookie,/],
    ['a wrong secret', { PF_CLIENT_SECRET: 'wrong' }, {}, 'token', /^correct PF_CLIENT_SECRET/],
    ['an unknown client', { PF_CLIENT_ID: 'nobody' }, {}, 'client', /^correct PF_CLIENT_ID/],
    ['no first factor', {}, { firstFactor: 'none' }, 'client', /PF_PARAMETERS=login_hint=\{\{username\}\}/],
    [
      'a custom first factor that is not there',
      { PF_CUSTOM_STATUS: 'PIN_REQUIRED', PF_CUSTOM_ACTION: 'checkPin' },
      {},
      'first_factor',
      /^leave out PF_CUSTOM_STATUS and PF_CUSTOM_ACTION/,
    ],
    [
      'a custom first factor that is misspelt',
      { PF_CUSTOM_STATUS: 'PINREQUIRED', PF_CUSTOM_ACTION: 'checkPin' },
      { firstFactor: 'custom' },
      'first_factor',
      /^correct it: PF_CUSTOM_STATUS=PIN_REQUIRED$/,
    ],
    ['the attribute in userinfo', {}, { statusIn: 'userinfo' }, 'status_attribute', /^set PF_STATUS_FROM=userinfo$/],
    [
      'the attribute in the introspection under another name',
      { PF_CLIENT_SECRET: 'pairstorm-secret' },
      { statusIn: 'introspection', statusAttribute: 'mfa.result' },
      'status_attribute',
      /^set PF_STATUS_FROM=introspection and PF_STATUS_CLAIM=mfa\.result$/,
    ],
    ['no phone API', { PHONE_URL: 'http://127.0.0.1:1' }, {}, 'devices', /set DEVICE_DRIVER to bridge, file or none/],
    ['a driver that can do nothing', { DEVICE_DRIVER: 'none' }, {}, 'devices', /^use a driver that can/],
    ['nobody there', { PF_BASE_URL: 'http://127.0.0.1:1' }, {}, 'reachable', /^start PingFederate there/],
  ] as const)('%s: one finding, with what to do', async (_title, env, settings, check, remedy) => {
    const { checks } = await visit({ env, settings });
    expect(wrongIn(checks)).toEqual([[check, expect.stringMatching(remedy)]]);
  });

  it('users who are not in the directory: one finding', async () => {
    const accounts = { ...people('F7'), users: people('F7').users.map((user) => ({ ...user, password: 'another' })) };
    const { checks } = await visit({ accounts });
    expect(wrongIn(checks)).toEqual([['first_factor', expect.stringMatching(/^create the users of INVENTORY/)]]);
  });

  it('a gateway that answers everything itself is not a PingFederate', async () => {
    const { checks } = await visit({
      before: (url) => startFront(url, () => ({ status: 200, answer: '<html>welcome</html>' })),
    });
    expect(wrongIn(checks).map(([check]) => check)).toContain('client');
  });
});

describe('doctor is careful', () => {
  it('plays one flow, of somebody whom nobody sends a message, cancels the one without XSRF header, and changes no account', async () => {
    const { counts, patient } = await visit({ inventory: people() });
    expect([counts.starts, Object.values(counts.failed)]).toEqual([2, [1]]);
    expect(Object.values(counts.completed)).toEqual([1]);
    expect(patient?.devices.map(({ type }) => type)).toEqual(['TOTP']);
  });

  it('without a TOTP it has a phone approve its push', async () => {
    const { checks } = await visit({ inventory: people('F10') });
    expect(checks.find(({ check }) => check === 'second_factor')).toMatchObject({ is: 'right' });
    expect(wrongIn(checks)).toEqual([]);
  });

  it('where nobody can come to the end, it cancels at the MFA adapter, and says what it could not check', async () => {
    const { checks, counts } = await visit({ inventory: people('F1') });
    const unknown = checks.filter(({ is }) => is === 'unknown').map(({ check }) => check);
    expect([wrongIn(checks), unknown]).toEqual([[], ['second_factor', 'token', 'status_attribute']]);
    expect([counts.starts, Object.values(counts.failed)]).toEqual([2, [1, 1]]);
  });

  it('cancels the flow that was started without the XSRF header', async () => {
    const { counts } = await visit({ settings: { checkXsrf: 'off' } });
    expect([counts.starts, Object.values(counts.completed), Object.values(counts.failed)]).toEqual([2, [1], [1]]);
  });
});
