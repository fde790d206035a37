import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultOf, isScenario, readValue, Wrong } from '../../contract/setting.ts';
import type { ScenarioName } from '../../contract/setting.ts';
import { readSettings, SETTINGS } from '../../lib/settings.ts';

describe('settings', () => {
  test('without any, a run goes to the simulator on loopback with a public client', () => {
    expect(readSettings({}, 'load')).toMatchObject({
      baseUrl: 'http://127.0.0.1:9031',
      clientSecret: '',
      rate: 20,
      rampMs: 15_000,
      durationMs: 60_000,
      vus: undefined,
    });
  });

  test.each([
    [{ RATE: 'fast' }, 'RATE is "fast"; write a number from 0.01 to 100000'],
    [{ RATE: '0' }, 'RATE is "0"; write a number from 0.01 to 100000'],
    [{ DURATION: '5 minutes' }, 'DURATION is "5 minutes"; write a duration like 90s, 5m or 1h30m'],
    [{ DURATION: '1ms' }, 'DURATION is "1ms"; write a duration from 1s to 604800s'],
    [{ VUS: '1.5' }, 'VUS is "1.5"; write a whole number from 1 to 100000'],
    [{ PF_STATE: 'session' }, 'PF_STATE is "session"; write cookie or cookieless'],
    [
      { PF_BASE_URL: 'sso.example.com' },
      'PF_BASE_URL is "sso.example.com"; write a URL like https://sso.example.com:9031, in lower case and without spaces',
    ],
    [{ TLS_SKIP_VERIFY: 'yes' }, 'TLS_SKIP_VERIFY is "yes"; write true or false'],
    [{ FLOWS: '10' }, 'FLOWS does not apply to load; it applies to smoke'],
  ])('%j is refused: %s', (env, message) => {
    expect(() => readSettings(env, 'load')).toThrow(message);
  });

  test('a pause before retries is refused where there are none', () => {
    expect(() => readSettings({ RETRY_BACKOFF: '1s' }, 'smoke')).toThrow(
      /RETRY_BACKOFF has no effect without retries; set one of/,
    );
    expect(readSettings({ RETRY_BACKOFF: '1s', RETRIES_POLL: '1' }, 'smoke').retryBackoffMs).toBe(1000);
  });

  test('all that is wrong is said at once', () => {
    expect(() => readSettings({ RATE: 'x', VUS: 'y' }, 'load')).toThrow(/VUS is "y".*RATE is "x"/);
  });

  test('a secret is never in a message', () => {
    const env = { PF_CLIENT_SECRET: 'hunter2', PF_CLIENT_SECRET_FILE: '/run/secret' };
    expect(() => readSettings(env, 'smoke')).toThrow(/^(?!.*hunter2).*both set/);
  });

  test('an empty value is as good as none', () => {
    expect(readSettings({ RATE: '' }, 'load').rate).toBe(20);
  });

  test('every setting has a meaning, and a default that its own rules allow', () => {
    for (const setting of SETTINGS.values()) {
      expect(setting.meaning).not.toBe('');
      for (const scenario of Object.keys(setting.defaults ?? { smoke: '' })) {
        const written = defaultOf(setting, scenario as ScenarioName);
        if (written !== '') expect(readValue(setting, written)).not.toBeInstanceOf(Wrong);
      }
    }
  });

  test('every folder of scenarios/ that makes load is a scenario that settings know', () => {
    const makeLoad = readdirSync('scenarios').filter((name) => !['doctor', 'trace'].includes(name));
    expect(makeLoad.filter(isScenario)).toEqual(makeLoad);
  });
});
