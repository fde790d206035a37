import type { Inventory, InventoryUser } from '../../../contract/inventory.ts';
import { ofStep, selector } from '../../../contract/selector.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { play } from './stage.ts';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';

const drawn = makeInventory({ users: 200, seed: 21, version: 'test' });
const approves = ({ kind, behaviour }: InventoryUser): boolean => kind === 'F10' && behaviour.push !== undefined;
const phoneUser = drawn.users.find(approves)!;

const only = (user: InventoryUser): Inventory => ({ ...drawn, users: [user] });

/** Somebody whose browser drives the flow, while the phone in the pocket only decides. */
const browserUser: InventoryUser = {
  ...phoneUser,
  kind: 'F15',
  phone: null,
  prescribed: 'authenticated',
  behaviour: { profile: 'browser', push: { decision: 'approve', afterMs: 3000 } },
};

test('F15: a browser drives the flow and waits with GET, the phone only decides through its own API', async () => {
  const { table, result } = await play(only(browserUser), { PUSH_DECIDED_BY: 'poll' });
  expect(table.outcomes).toEqual({ F15: { authenticated: 1 } });
  const count = (name: string): number => result.summary.metrics[name]?.values['count'] ?? 0;
  // At once, then a second after each answer; and the flow is read once more when the decision shows.
  expect(count(selector('http_req_duration', ofStep('poll')))).toBe(4);
  expect(count(selector('http_req_duration', ofStep('readFlow')))).toBe(1);
  expect(count(selector('http_req_duration', ofStep('continueAuthentication')))).toBe(1);
  expect(result.summary.metrics['polls_per_flow']!.values).toMatchObject({ count: 1, max: 4 });
  expect(result.summary.metrics['poll_error_rate']!.values).toMatchObject({ passes: 0, fails: 4 });
});

test('a browser waits for a push that nobody answers until the server says so: it has no patience of its own to lose', async () => {
  const ignores: InventoryUser = {
    ...browserUser,
    prescribed: 'authenticated',
    behaviour: { profile: 'browser', push: { decision: 'ignore', afterMs: 0 }, afterTimeout: 'cancel' },
  };
  // Polls of 10 ms within the two seconds that the push lives: far more than the fifteen after which the apps give up.
  const { table, result } = await play(only(ignores), { TIME_SCALE: '0.01' }, { timeScale: 0.1, pushMs: 20_000 });
  expect(table.outcomes).toEqual({ F15: { timed_out: 1 } });
  expect(result.summary.metrics['polls_per_flow']!.values['max']).toBeGreaterThan(15);
});

test.each([
  ['android', 15],
  ['ios', 16],
])(
  '%s gives up a push that nobody answers after %d polls, and cancels, though it still waits',
  async (profile, polls) => {
    const ignores: InventoryUser = {
      ...phoneUser,
      behaviour: { ...phoneUser.behaviour, push: { decision: 'ignore', afterMs: 0 }, afterTimeout: 'cancel' },
    };
    const env = { TIME_SCALE: '0.02', CLIENT_PROFILE: profile };
    const { table, result, counts } = await play(only(ignores), env, { timeScale: 1, pushMs: 60_000 });
    expect(table.outcomes).toEqual({ F10: { timed_out: 1 } });
    expect(result.summary.metrics['polls_per_flow']!.values).toMatchObject({ count: 1, max: polls });
    expect(Object.values(counts.failed)).toEqual([1]);
  },
);

/** Plays a user through a proxy that keeps what the client's requests say of it, and counts its connections. */
async function overheard(user: Inventory, env: Record<string, string>) {
  const heard: { method: string; url: string; headers: IncomingHttpHeaders; body: string; status: number }[] = [];
  let connections = 0;
  let target = '';
  const proxy = createServer((incoming, outgoing) => {
    const one = { method: incoming.method!, url: incoming.url!, headers: incoming.headers, body: '', status: 0 };
    if (one.url.startsWith('/as/') || one.url.startsWith('/pf-ws/')) heard.push(one);
    incoming.on('data', (chunk: Buffer) => (one.body += chunk.toString()));
    const onward = request(
      target + incoming.url!,
      { method: incoming.method!, headers: incoming.headers },
      (answer) => {
        one.status = answer.statusCode!;
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  proxy.on('connection', () => connections++);
  await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  try {
    const played = await play(
      user,
      { ...env, PF_BASE_URL: `http://127.0.0.1:${port}` },
      {},
      user,
      (url) => (target = url),
    );
    return { ...played, heard, connections: () => connections };
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}

/** What the start of a profile's flow is: method, content type, and where its parameters stand. */
const STARTS = {
  android: ['POST', 'application/vnd.pingidentity.authorization.oauth2+json', 'query', '{}'],
  ios: ['POST', 'application/vnd.pingidentity.initiateOAuthAuthorization+json', 'body', 'protocolParameters'],
  browser: ['GET', undefined, 'query', ''],
} as const;

describe('a client profile', () => {
  test.each([
    ['android', /^okhttp\//, 'PingFederate', 'POST'],
    ['ios', /CFNetwork/, 'test', 'POST'],
    ['browser', /^Mozilla\//, 'PingFederate', 'GET'],
  ] as const)(
    '%s speaks as that client does, and one setting makes everybody play it',
    async (profile, agent, xsrf, waitsBy) => {
      const { heard, result, table } = await overheard(only(phoneUser), {
        CLIENT_PROFILE: profile,
        PUSH_DECIDED_BY: 'poll',
      });
      expect(table.outcomes).toEqual({ F10: { authenticated: 1 } });
      // What looks at the target before the load is not a client.
      const [start, ...others] = heard.filter(({ headers }) => headers['user-agent'] !== 'pairstorm');
      const [method, type, place, body] = STARTS[profile];
      expect([start!.method, start!.headers['content-type']]).toEqual([method, type]);
      expect(start!.url.includes('client_id=')).toBe(place === 'query');
      expect(start!.body).toContain(body);
      expect(start!.headers['x-xsrf-header']).toBeUndefined();
      for (const { headers } of [start!, ...others]) {
        expect(headers['user-agent']).toMatch(agent);
        expect(headers['user-agent']).toMatch(/ pairstorm$/);
      }
      for (const { headers } of others) expect(headers['x-xsrf-header']).toBe(xsrf);
      const polls = result.summary.metrics[selector('http_req_duration', ofStep('poll'))]!.values['count']!;
      expect(polls).toBeGreaterThan(0);
      // A browser reads once more when the decision shows.
      const reads = heard.filter(({ method, url }) => method === 'GET' && url.startsWith('/pf-ws/'));
      expect(reads.length).toBe(waitsBy === 'GET' ? polls + 1 : 0);
    },
  );

  test.each([
    ['android', 'the one before it'],
    ['ios', 'the newest'],
  ])('%s sends, after a wrong passcode was refused, %s session cookie', async (profile, which) => {
    const otpUser = drawn.users.find(({ kind, behaviour }) => kind === 'F7' && behaviour.otp?.wrong === 1)!;
    const { heard, table } = await overheard(only(otpUser), { CLIENT_PROFILE: profile });
    expect(Object.values(table.outcomes)).toEqual([{ [otpUser.prescribed]: 1 }]);
    const codes = heard.filter(({ headers }) => headers['content-type']?.includes('checkOtp') === true);
    expect(codes.map(({ status }) => status)).toEqual([400, 200]);
    expect(codes[1]!.headers.cookie === codes[0]!.headers.cookie).toBe(which === 'the one before it');
  });

  test('a browser without cookies keeps the state of its last action while it reads', async () => {
    const { heard, table } = await overheard(only(browserUser), {
      PF_STATE: 'cookieless',
      PF_CLIENT_ID: 'pairstorm-cookieless',
      PUSH_DECIDED_BY: 'poll',
    });
    expect(table.outcomes).toEqual({ F15: { authenticated: 1 } });
    const reads = heard.filter(({ method, url }) => method === 'GET' && url.startsWith('/pf-ws/'));
    expect(reads.length).toBe(5);
    expect(new Set(reads.map(({ headers }) => headers['x-pf-authn-api-state'])).size).toBe(1);
  });
});

test.each([
  ['reused', 1],
  ['per-flow', 3],
])('connections %s: three flows of one virtual user open %d', async (connections, expected) => {
  const cancelled = drawn.users.filter(({ kind }) => kind === 'F11').slice(0, 3);
  const played = await overheard(
    { ...drawn, users: cancelled },
    { CONNECTIONS: connections, VUS: '1', CLIENT_PROFILE: 'android' },
  );
  expect(played.table.flows).toBe(3);
  // One more: the look at the target before the load.
  expect(played.connections() - 1).toBe(expected);
});
