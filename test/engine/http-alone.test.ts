import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpClient } from '../../engine/http/client.ts';
import type { Caller, HttpHost, HttpSettings } from '../../engine/http/ports.ts';
import { asyncRequest } from '../../engine/http/request.ts';
import { HttpSession } from '../../engine/http/session.ts';

const server = createServer((request, response) => {
  if (request.url === '/moved') response.writeHead(302, { location: '/here', 'set-cookie': 'seen=1' }).end();
  else response.end(JSON.stringify({ path: request.url, cookie: request.headers.cookie }));
});
let origin = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

const SETTINGS: HttpSettings = {
  userAgent: 'alone',
  maxRedirects: 10,
  discardResponseBodies: false,
  noConnectionReuse: false,
  noVUConnectionReuse: false,
  noCookiesReset: false,
  throw: false,
  rps: 0,
  insecureSkipTLSVerify: false,
  tlsAuth: [],
  tlsVersion: {},
  hosts: [],
  dns: { ttlMs: 0, select: 'first', policy: 'any' },
  blacklistIPs: undefined,
  blockHostnames: [],
};

it('the HTTP client works for any host that has its ports: no run, no virtual user', async () => {
  const samples: string[] = [];
  const open: number[] = [];
  const failed: string[] = [];
  const host: HttpHost = {
    realm: globalThis,
    settings: SETTINGS,
    counts: { add: (_field, n) => void open.push(n), set: () => undefined, total: () => 0 },
    threads: 1,
    proxyOf: undefined,
    sharedConnections: undefined,
    maxBodyMemory: undefined,
    hasSystemTag: () => true,
    generatorSeries: () => ({ add: () => undefined }),
    requestFailed: (text) => void failed.push(text),
    unsupported: (message) => {
      throw new Error(message);
    },
  };
  const caller: Caller = {
    epoch: 0,
    busy: true,
    scope: { tags: {} },
    series: (metric, own) => ({ add: () => void samples.push(`${metric} ${own?.['status'] ?? ''}`) }),
    taskStarted: () => undefined,
    taskEnded: () => undefined,
  };
  const client = new HttpClient(host);
  const session = new HttpSession(client, caller, false);
  const answer = await asyncRequest(session, 'get', `${origin}/moved`, null, undefined);
  expect(answer.json()).toEqual({ path: '/here', cookie: 'seen=1' });
  expect(samples.filter((sample) => sample.startsWith('http_reqs'))).toEqual(['http_reqs 302', 'http_reqs 200']);
  expect(open).toEqual([1]);
  const refused = await asyncRequest(session, 'GET', 'no URL', null, undefined);
  expect([refused.error_code, failed]).toEqual([1020, ['invalid URL']]);
  session.close();
  client.close();
});
