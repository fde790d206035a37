import { describe, expect, test } from 'vitest';
import { readSettings } from '../../lib/settings.ts';
import { checkAddress, checkHosts, targetOf } from '../../lib/target.ts';

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
    'http://localhost.',
    'http://127.0.0.1.',
    'http://2130706433',
    'http://0177.0.0.1',
    'http://0x7f.0.0.1',
    'http://0x7f000001',
    'http://127.1',
    'http://127.0.00.1',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[::ffff:10.0.0.1]',
    'http://[0:0:0:0:0:0:0:1]',
    'http://[::]',
    'http://[fe80::1]',
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
    'http://127.0.0.1:9031/\n',
    'http://127。0。0。1',
    'http://lоcalhost',
    'http://[fe80::1%25eth0]',
    'http://127.0.0.1:9031:9032',
    'http://127.0.0.1:90310/..%2f',
  ])('%s holds a trick and is refused without repeating a password', (url) => {
    expect(() => target({ PF_BASE_URL: url, ALLOW_HOSTS: 'sso.example.com' })).toThrow(
      /^(?!.*:pw@).*write (scheme, host, port and path only|a URL .* without spaces)/s,
    );
  });

  test.each([
    [' https://sso.example.com', 'write a URL like https://sso.example.com:9031, in lower case and without spaces'],
    ['https://sso.example.com ', 'in lower case and without spaces'],
    ['https://sso.example.com/a b', 'in lower case and without spaces'],
    ['HTTPS://SSO.EXAMPLE.COM', 'in lower case and without spaces'],
    ['Http://127.0.0.1:9031', 'in lower case and without spaces'],
    [
      'http://[0:0:0:0:0:0:0:1]:9031',
      'PF_BASE_URL points to [0:0:0:0:0:0:0:1], which is not loopback; to put it under load, set ALLOW_HOSTS=[0:0:0:0:0:0:0:1]; loopback is written [::1]',
    ],
    [
      'https://[2001:DB8:0:0:0:0:0:7]',
      'PF_BASE_URL points to [2001:db8:0:0:0:0:0:7], which is not loopback; to put it under load, set ALLOW_HOSTS=[2001:db8:0:0:0:0:0:7]',
    ],
  ])('"%s": what is wrong is said, and what to write instead', (PF_BASE_URL, reason) => {
    expect(() => target({ PF_BASE_URL, ALLOW_HOSTS: 'sso.example.com, [2001:db8::7]' })).toThrow(reason);
  });

  test.each([
    [{ DEVICE_DRIVER: 'bridge', BRIDGE_URL: 'https://bridge.example.com' }, 'BRIDGE_URL points to bridge.example.com'],
    [{ ALLOW_HOSTS: '*' }, 'ALLOW_HOSTS is "*"; write each host by its exact name: there are no wildcards'],
    [{ ALLOW_HOSTS: 'a.test,*.example.com' }, 'write each host by its exact name: there are no wildcards'],
    [{ ALLOW_HOSTS: 'example.com', PF_BASE_URL: 'https://sso.example.com' }, 'PF_BASE_URL points to sso.example.com'],
    [
      { ALLOW_HOSTS: 'sso.example.com:9031' },
      'ALLOW_HOSTS is "sso.example.com:9031"; write the host name alone, without scheme and port: sso.example.com',
    ],
    [
      { ALLOW_HOSTS: 'https://sso.example.com:9031/sso' },
      'write the host name alone, without scheme and port: sso.example.com',
    ],
    [
      { ALLOW_HOSTS: 'https://me:pw@sso.example.com' },
      'ALLOW_HOSTS is not usable; write the host name alone, without scheme and port: sso.example.com',
    ],
  ])('%j: a host is named exactly, there is no pattern', (env: Record<string, string>, reason) => {
    expect(() => target(env)).toThrow(reason);
  });

  test.each(['10.0.0.7', '[2001:db8::7]', '2001:db8::7', 'sso_1.example.com', ' a.test , b.test,'])(
    'ALLOW_HOSTS=%s names hosts',
    (ALLOW_HOSTS) => {
      expect(target({ ALLOW_HOSTS }).pf).toBe('http://127.0.0.1:9031');
    },
  );

  test('the phone side is guarded too', () => {
    expect(() => target({ PHONE_URL: 'https://devices.example.com' })).toThrow(
      'PHONE_URL points to devices.example.com',
    );
  });
});

describe('the option hosts, which sends connections elsewhere,', () => {
  test.each([
    ['http://localhost:9031', { localhost: '10.0.0.7' }],
    ['http://localhost:9031', { LOCALHOST: '10.0.0.7:443' }],
    ['http://localhost:9031', { 'localhost:9031': '10.0.0.7' }],
    ['http://localhost:9031', { '*': '10.0.0.7' }],
    ['http://localhost:9031', { '*host': '::ffff:10.0.0.7' }],
    ['http://localhost:9031', { localhost: '[2001:db8::7]:443' }],
    ['http://[::1]:9031', { '[::1]:9031': '10.0.0.7' }],
    ['http://127.0.0.1:9031', { '127.0.0.1': { ip: '10.0.0.7', port: 443 } }],
    ['https://sso.example.com', { 'sso.example.com': '10.0.0.7' }],
  ])('%s by %j: cannot lead past the guard', (pf, hosts) => {
    expect(() => checkHosts([pf, ''], hosts, ['sso.example.com'])).toThrow(
      /^options\.hosts sends .* to .*not loopback/,
    );
  });

  test.each([
    ['http://localhost:9031', { localhost: '127.0.0.2:8443' }],
    ['http://localhost:9031', { localhost: '::1', 'other.example.com': '10.0.0.7' }],
    ['https://sso.example.com', { 'sso.example.com': '10.0.0.8' }],
    ['https://sso.example.com', { '*.example.com': '[2001:db8::8]:443' }],
    ['http://localhost:9031', null],
    ['http://localhost:9031', undefined],
  ])('%s by %j: may lead to loopback and to what is named', (pf, hosts) => {
    expect(() => checkHosts([pf, ''], hosts, ['sso.example.com', '10.0.0.8', '[2001:db8::8]'])).not.toThrow();
  });
});

describe('a loopback name that is answered from elsewhere', () => {
  test.each(['10.0.0.7', '::ffff:10.0.0.7', '2001:db8::7', '0.0.0.0'])('by %s is refused', (address) => {
    expect(() => checkAddress('PF_BASE_URL', 'http://localhost:9031', address)).toThrow(
      /^PF_BASE_URL points to localhost, but .* answered, which is not loopback/,
    );
  });

  test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', ''])(
    'by "%s" is not, nor is a named host',
    (address) => {
      expect(() => checkAddress('PF_BASE_URL', 'http://localhost:9031', address)).not.toThrow();
      expect(() => checkAddress('PF_BASE_URL', 'https://sso.example.com', '10.0.0.7')).not.toThrow();
    },
  );
});
