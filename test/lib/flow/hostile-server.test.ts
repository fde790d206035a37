import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { FAILURE_MAX_LENGTH } from '../../../contract/failure-line.ts';
import { visibleText } from '../../../contract/shown-text.ts';
import { run } from '../../../engine/run.ts';
import { afterProbe, inventory, inventoryOf, json, meet } from './hostile-stage.ts';
import type { Answer } from './hostile-stage.ts';

const html =
  (status: number): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<html><body><h1>Service Temporarily Unavailable</h1></body></html>');
  };

const flow = (fields: object): Answer => json(200, { id: 'abc12', _links: { self: { href: 'x' } }, ...fields });

const DEVICES = [{ id: 'd', type: 'iPhone' }];
const OFFERS = { selectDevice: { href: 'x' }, skipMfa: { href: 'x' }, cancelAuthentication: { href: 'x' } };

const CASES: readonly (readonly [string, Answer, string, string])[] = [
  ['503 as HTML', html(503), 'http_error', 'HTTP 503'],
  ['429', json(429, { code: 'LIMIT_EXCEEDED' }), 'http_error', 'LIMIT_EXCEEDED'],
  ['a closed connection', (request) => request.socket.destroy(), 'http_error', 'error 1'],
  ['HTML with 200', html(200), 'protocol_error', 'without JSON'],
  ['nothing with 200', (_request, response) => void response.end(), 'protocol_error', 'without JSON'],
  [
    'a redirect, which is not followed',
    (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.2/' }).end(),
    'protocol_error',
    'HTTP 302',
  ],
  ['a list instead of a flow', json(200, []), 'protocol_error', 'without JSON'],
  ['a flow without an id', json(200, { status: 'AUTHENTICATION_REQUIRED' }), 'protocol_error', 'usable id'],
  [
    'a flow whose id is a path',
    json(200, { id: '../../as', status: 'AUTHENTICATION_REQUIRED' }),
    'protocol_error',
    'usable id',
  ],
  ['a status that is a number', flow({ status: 7 }), 'protocol_error', 'without a status'],
  ['a status nobody drives', flow({ status: 'MFA_SETUP_REQUIRED' }), 'not_driven', 'MFA_SETUP_REQUIRED: no handler'],
  ['a status named like a built-in', flow({ status: 'constructor' }), 'not_driven', 'constructor: no handler'],
  ['a failure whose code is a number', flow({ status: 'MFA_FAILED', code: 7 }), 'mfa_failed', 'MFA_FAILED'],
  ['a status that is a sentence', flow({ status: 'Hello, Rosa!' }), 'not_driven', 'NOT_A_CODE: no handler'],
  [
    'a status of 10 KB',
    flow({ status: 'A'.repeat(10_240) }),
    'not_driven',
    'NOT_A_CODE: no handler (PF_CUSTOM_STATUS)',
  ],
  [
    'a status that steers a terminal',
    flow({ status: 'PIN\u001b[31m\u0000\n' }),
    'not_driven',
    'NOT_A_CODE: no handler',
  ],
  [
    'two driven states for ever',
    (request, response) => {
      const authenticates = request.headers['content-type']?.includes('.authenticate+') === true;
      flow({ status: authenticates ? 'MFA_COMPLETED' : 'AUTHENTICATION_REQUIRED' })(request, response);
    },
    'protocol_error',
    'not finished after 40 states',
  ],
  [
    'two states that nobody drives for ever, whatever is done',
    (request, response) => {
      const status = request.headers['content-type']?.includes('skipMfa') ? 'ASSERTION_REQUIRED' : 'MFA_SETUP_REQUIRED';
      flow({ status, devices: DEVICES, _links: OFFERS })(request, response);
    },
    'not_driven',
    'MFA_SETUP_REQUIRED: no handler (INVENTORY)',
  ],
  ['RESUME', flow({ status: 'RESUME', resumeUrl: 'http://127.0.0.2/' }), 'protocol_error', 'RESUME'],
  ['an OAuth error', json(400, { error: 'unauthorized_client' }), 'rejected', 'unauthorized_client'],
  [
    '404 at the start: a wrong path is not an expired flow',
    json(404, { code: 'RESOURCE_NOT_FOUND' }),
    'rejected',
    'RESOURCE_NOT_FOUND',
  ],
  ['an error without a code', json(400, {}), 'protocol_error', 'without a documented error'],
  ['COMPLETED without a code', flow({ status: 'COMPLETED' }), 'protocol_error', 'without a code'],
  ['a state that never ends', flow({ status: 'MFA_COMPLETED' }), 'protocol_error', 'not finished after 40 states'],
  [
    'selection for ever',
    flow({ status: 'DEVICE_SELECTION_REQUIRED', devices: [{ id: 'd', type: 'SMS' }] }),
    'protocol_error',
    'asked to select',
  ],
  [
    'devices of the wrong type',
    flow({ status: 'DEVICE_SELECTION_REQUIRED', devices: 7 }),
    'protocol_error',
    'malformed devices',
  ],
  [
    'a device reference without an id',
    flow({ status: 'PUSH_CONFIRMATION_WAITING', selectedDeviceRef: {} }),
    'protocol_error',
    'malformed selectedDeviceRef',
  ],
  [
    'a code that is a list',
    flow({ status: 'COMPLETED', authorizeResponse: { code: ['c'] } }),
    'protocol_error',
    'malformed authorizeResponse',
  ],
];

describe('a server that answers', () => {
  test.each(CASES)(
    '%s: each flow still has its one outcome, and the run goes on',
    async (_title, answer, outcome, reason) => {
      const { result, table, lines } = await meet(answer);
      expect(table).toMatchObject({ flows: 10, interrupted: 0 });
      const outcomes = Object.values(table.outcomes).flatMap((row) => Object.keys(row));
      expect([...new Set(outcomes)]).toEqual([outcome]);
      expect(lines[0]).toContain(reason);
      for (const line of lines) expect([visibleText(line), line.length <= FAILURE_MAX_LENGTH]).toEqual([line, true]);
      expect(result.exit).toBe('thresholds_failed');
    },
  );
});

describe('a token', () => {
  const token = (claims: string) => `e30.${Buffer.from(claims).toString('base64url')}.c2ln`;
  const complete =
    (accessToken: unknown): Answer =>
    (request, response) => {
      const isToken = request.url === '/as/token.oauth2';
      const continues = request.headers['content-type']?.includes('continueAuthentication') === true;
      (isToken
        ? json(200, { access_token: accessToken, token_type: 'Bearer' })
        : request.url === '/phone/pair'
          ? json(200, { deviceId: 'd' })
          : continues
            ? flow({ status: 'COMPLETED', authorizeResponse: { code: 'c' } })
            : flow({ status: 'MOBILE_PAIRING_REQUIRED', serverPayload: 'p' }))(request, response);
    };

  test.each<readonly [string, unknown, string]>([
    ['that is not a JWT', 'opaque-reference-token', 'unverified'],
    ['with a broken payload', 'a.%%%.c', 'unverified'],
    ['whose payload is not an object', token('null'), 'unverified'],
    ['without the attribute', token('{"sub":"x"}'), 'unverified'],
    ['whose attribute is a number', token('{"pingone.mfa.status":7}'), 'unverified'],
    ['whose attribute is empty', token('{"pingone.mfa.status":""}'), 'unverified'],
    ['whose attribute is not a value of the adapter', token('{"pingone.mfa.status":"null"}'), 'unverified'],
    [
      'that hides a pairing error behind the first name',
      token(
        '{"pingone.mfa.status":"com.pingidentity.pingone.mobile_login_mobile","com.pingidentity.pingone.status":"com.pingidentity.pingone.pairing_error"}',
      ),
      'pairing_error',
    ],
    [
      'with the second documented name',
      token('{"com.pingidentity.pingone.status":"com.pingidentity.pingone.pairing_error"}'),
      'pairing_error',
    ],
    [
      'that says device_authorized',
      token('{"pingone.mfa.status":"com.pingidentity.pingone.device_authorized"}'),
      'authenticated',
    ],
    ['that is missing', undefined, 'protocol_error'],
  ])('%s gives its documented outcome', async (_title, accessToken, outcome) => {
    const { table } = await meet(complete(accessToken), { INVENTORY: inventoryOf('F1'), FLOWS: '1' });
    const outcomes = Object.values(table.outcomes).flatMap((row) => Object.keys(row));
    expect([...new Set(outcomes)]).toEqual([outcome]);
  });
});

test('a payload driver that talks too much is not repeated in reports', async () => {
  const answer = afterProbe(flow({ status: 'OTP_REQUIRED', selectedDeviceRef: { id: 'd' } }));
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const isCode = request.url === '/phone/code';
      if (request.url === '/pf/heartbeat.ping') response.end('OK');
      else if (isCode && Number(request.headers['content-length']) > 2)
        json(201, { code: '482913 for Rosa' })(request, response);
      else if (isCode) json(400, { code: 'INVALID_REQUEST' })(request, response);
      else if (request.url === '/phone/reset') response.writeHead(204).end();
      else answer(request, response);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const lines: string[] = [];
  await run({
    bundlePath: 'dist/smoke.js',
    // As the command says of our bundles, whose calls test/bundles looks at.
    knownCalls: true,
    env: {
      PF_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      INVENTORY: inventory,
      FLOWS: '3',
      TIME_SCALE: '0.01',
    },
    allowInvalid: true,
    onConsole: (_level, line) => lines.push(line),
  });
  server.closeAllConnections();
  server.close();
  expect(lines.join('\n')).toContain('no otp in the response');
  expect(lines.join('\n')).not.toMatch(/482913|Rosa/);
});
