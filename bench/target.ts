import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { START_JSON_TYPES } from '../protocol/transport.ts';
import { EMPTY_TALLY } from './same-flow.ts';
import type { Tally } from './same-flow.ts';

/**
 * A minimal stand-in for PingFederate that answers the five requests of a flow without state, so that the client is
 * measured. A process of its own that sends its port to the parent; on each message it reports the requests since the
 * last one, so that a client with other requests is detected. With the argument `waiting` the user waits for a push
 * that is never decided.
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

const PUSH = flow('PUSH_CONFIRMATION_WAITING', ['poll', 'cancelAuthentication'], { selectedDeviceRef: { id: 'd' } });
const PAIRING = flow('MOBILE_PAIRING_REQUIRED', ['continueAuthentication'], {
  serverPayload: `e30.${'p'.repeat(240)}.${'s'.repeat(86)}`,
});
const CODE = 'c'.repeat(40);
const ANSWERS = {
  start: flow('USERNAME_PASSWORD_REQUIRED', ['checkUsernamePassword', 'cancelAuthentication']),
  checkUsernamePassword: flow('AUTHENTICATION_REQUIRED', ['authenticate', 'cancelAuthentication'], {
    user: { id: 'u', username: 'bench' },
    devices: [],
  }),
  authenticate: process.argv[2] === 'waiting' ? PUSH : PAIRING,
  continueAuthentication: flow('COMPLETED', [], { authorizeResponse: { code: CODE } }),
  token: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 7200 }),
};
type Step = keyof typeof ANSWERS;

/** Step of a request by method, path and content type. */
const STEPS: Readonly<Record<string, Step>> = {
  'GET /as/authorization.oauth2': 'start',
  ...Object.fromEntries(START_JSON_TYPES.map((type) => [`POST /as/authorization.oauth2 ${type}`, 'start' as const])),
  'POST /pf-ws/authn/flows/bench1 application/vnd.pingidentity.checkUsernamePassword+json': 'checkUsernamePassword',
  'POST /pf-ws/authn/flows/bench1 application/vnd.pingidentity.authenticate+json': 'authenticate',
  'POST /pf-ws/authn/flows/bench1 application/vnd.pingidentity.continueAuthentication+json': 'continueAuthentication',
  'POST /as/token.oauth2 application/x-www-form-urlencoded': 'token',
};

let session = 0;
let tally: Tally = { ...EMPTY_TALLY };
/** Cookies issued and not yet returned. */
const unused = new Set<string>();

const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
  request.on('end', () => {
    const [path] = request.url!.split('?', 1);
    const { cookie, 'content-type': type } = request.headers;
    const step =
      STEPS[`${request.method!} ${path!}${type === undefined || request.method === 'GET' ? '' : ` ${type}`}`];
    if (step === undefined) {
      if (path === '/pf/heartbeat.ping') response.end('OK');
      else if (type === 'application/vnd.pingidentity.poll+json') response.end(PUSH);
      else if (path === '/phone/reset') response.writeHead(204).end();
      else if (path === '/phone/code') response.writeHead(400).end('{"code":"INVALID_REQUEST","message":""}');
      else {
        tally.other++;
        response.writeHead(404).end();
      }
      return;
    }
    // The preflight sends a made-up code.
    if (step === 'token' && !body.includes(CODE)) return void response.writeHead(400).end('{"error":"invalid_grant"}');
    tally[step]++;
    if (step !== 'start' && cookie !== undefined && unused.delete(cookie.slice('PF='.length))) tally.renewed++;
    const value = String(++session).padStart(28, '0');
    unused.add(value);
    response.writeHead(200, {
      'content-type': 'application/json;charset=utf-8',
      'content-length': Buffer.byteLength(ANSWERS[step]),
      'set-cookie': `PF=${value};Path=/;HttpOnly;SameSite=None`,
    });
    response.end(ANSWERS[step]);
  });
});
server.on('connection', () => tally.connections++);
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('message', () => {
  process.send!(tally);
  tally = { ...EMPTY_TALLY };
  unused.clear();
});
process.on('disconnect', () => process.exit());
