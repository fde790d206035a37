import { describe, expect, test } from 'vitest';
import { readSettings } from '../../lib/settings.ts';
import { targetOf } from '../../lib/target.ts';

const target = (env: Record<string, string>) => targetOf(readSettings(env, 'smoke'));

describe('the guard against hitting the wrong host', () => {
  test.each(['http://127.0.0.1:9031', 'https://localhost:9031', 'http://[::1]:9031', 'http://127.8.9.10'])(
    '%s is loopback and needs no permission',
    (url) => {
      expect(target({ PF_BASE_URL: url })).toEqual({ pf: url, device: `${url}/phone` });
    },
  );

  test('another host needs to be named, in any case of letters', () => {
    const PF_BASE_URL = 'https://SSO.staging.example.com:9031';
    expect(() => target({ PF_BASE_URL })).toThrow('set ALLOW_HOSTS=sso.staging.example.com');
    expect(target({ PF_BASE_URL, ALLOW_HOSTS: 'a.example.com, sso.staging.example.com' }).pf).toBe(PF_BASE_URL);
  });

  test.each([
    'https://sso.example.com.evil.test',
    'https://localhost.evil.test',
    'https://127.0.0.1.evil.test',
    'https://xsso.example.com',
    'https://example.com',
    'http://0.0.0.0:9031',
    'http://127.0.0.999',
    'http://2130706433',
    'http://[::ffff:10.0.0.1]',
  ])('%s looks alike and is refused', (url) => {
    expect(() => target({ PF_BASE_URL: url, ALLOW_HOSTS: 'sso.example.com' })).toThrow(/not loopback/);
  });

  test.each([
    'https://sso.example.com@evil.test',
    'https://127.0.0.1:pw@evil.test',
    'https://127.0.0.1#@evil.test',
    'https://127.0.0.1?@evil.test',
    'https://127.0.0.1\\@evil.test',
    'https://evil.test%2f@127.0.0.1',
    'http://127.0.0.1:9031/\tx',
  ])('%s holds a trick and is refused without repeating a password', (url) => {
    expect(() => target({ PF_BASE_URL: url, ALLOW_HOSTS: 'sso.example.com' })).toThrow(
      /^(?!.*:pw@).*write scheme, host, port and path only/s,
    );
  });

  test('the phone side is guarded too', () => {
    expect(() => target({ PHONE_URL: 'https://devices.example.com' })).toThrow(
      'PHONE_URL points to devices.example.com',
    );
  });
});
