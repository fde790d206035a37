import { expect, test } from 'vitest';
import { diagnose } from '../../lib/diagnoses.ts';

const PROXY = 'http://proxy.test:3128 of HTTPS_PROXY';
const HTTPS = { baseUrl: 'https://sso.example.test' };

const answered = (status: number, errorCode = 0) => ({ status, errorCode, error: errorCode === 0 ? '' : 'why' });

test('a heartbeat needs no diagnosis', () => {
  expect(diagnose(answered(200), HTTPS, PROXY)).toBeUndefined();
});

test.each([
  [1050, '', 'connection', /^allow this machine through the firewall/],
  [1101, '', 'connection', /^correct the host in PF_BASE_URL/],
  [1211, '', 'connection', /^allow this machine through the firewall/],
  [1212, '', 'connection', /^start PingFederate there/],
  [1220, '', 'connection', /^check that it is the runtime port; if it speaks http, write http:\/\//],
  [1000, '', 'connection', /^check that it is the runtime port/],
  [1282, '', 'connection', /^free it on this machine/],
  [1300, '', 'certificate', /^check that it is an https port/],
  [1310, '', 'certificate', /NODE_EXTRA_CA_CERTS=ca\.pem/],
  [1311, '', 'certificate', /^use a host name of the certificate/],
  // Behind a proxy, name and connection are the proxy's; a certificate is the target's, and a lack this machine's.
  [1101, PROXY, 'connection', /^start that proxy/],
  [1212, PROXY, 'connection', /^start that proxy/],
  [1286, PROXY, 'connection', /^start that proxy/],
  [1282, PROXY, 'connection', /^free it on this machine/],
  [1310, PROXY, 'certificate', /NODE_EXTRA_CA_CERTS=ca\.pem/],
] as const)('error %i with the proxy "%s" is of the %s', (code, proxy, of, remedy) => {
  const found = proxy === '' ? 'why' : `why, through the proxy ${PROXY}`;
  expect(diagnose(answered(0, code), HTTPS, proxy)).toEqual({
    of,
    found,
    remedy: expect.stringMatching(remedy) as string,
  });
});

test('an answer that is not a heartbeat names its status, and the proxy that may have given it', () => {
  expect(diagnose(answered(502), HTTPS, PROXY)).toMatchObject({
    of: 'heartbeat',
    found: `HTTP 502, through the proxy ${PROXY}`,
  });
});
