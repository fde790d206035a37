import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for PingFederate that costs as little as it can: it answers the five requests of a flow without state, so
 * that what is measured is the client. Runs in a process of its own and says its port to the parent.
 */
const token = `e30.${Buffer.from(
  JSON.stringify({ sub: 'bench', 'pingone.mfa.status': 'com.pingidentity.pingone.device_not_paired' }),
).toString('base64url')}.${'s'.repeat(86)}`;

const flow = (status: string, actions: readonly string[], more: object = {}): string =>
  JSON.stringify({
    id: 'bench1',
    pluginTypeId: '7RmQNDWaOnBoudTufx2sEw',
    status,
    ...more,
    _links: Object.fromEntries(
      ['self', ...actions].map((name) => [name, { href: 'http://127.0.0.1/pf-ws/authn/flows/bench1' }]),
    ),
  });

const MFA = 'application/vnd.pingidentity.';
const ANSWERS: Readonly<Record<string, string>> = {
  start: flow('USERNAME_PASSWORD_REQUIRED', ['checkUsernamePassword', 'cancelAuthentication']),
  [`${MFA}checkUsernamePassword+json`]: flow('AUTHENTICATION_REQUIRED', ['authenticate', 'cancelAuthentication'], {
    user: { id: 'u', username: 'bench' },
    devices: [],
  }),
  [`${MFA}authenticate+json`]: flow('MOBILE_PAIRING_REQUIRED', ['continueAuthentication'], {
    serverPayload: `e30.${'p'.repeat(240)}.${'s'.repeat(86)}`,
  }),
  [`${MFA}continueAuthentication+json`]: flow('COMPLETED', [], { authorizeResponse: { code: 'c'.repeat(40) } }),
  token: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 7200 }),
};

let session = 0;
const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  request.resume();
  request.on('end', () => {
    const url = request.url!;
    if (url === '/pf/heartbeat.ping') response.end('OK');
    else if (url === '/phone/code') response.writeHead(400).end('{"code":"INVALID_REQUEST","message":""}');
    else {
      const step = url.startsWith('/as/authorization') ? 'start' : url.startsWith('/as/token') ? 'token' : '';
      const body = ANSWERS[step === '' ? request.headers['content-type']! : step]!;
      response.writeHead(200, {
        'content-type': 'application/json;charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'set-cookie': `PF=${String(++session).padStart(28, '0')};Path=/;HttpOnly;SameSite=None`,
      });
      response.end(body);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
