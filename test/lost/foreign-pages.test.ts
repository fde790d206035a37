import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { makeInventory } from '../../population/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import type { RunningSimulator } from '../../simulator/simulator.ts';
import { CHROMIUM, startChromium } from '../report/chromium.ts';
import { emptyFolder, pairstorm, scriptFile } from '../cli/command.ts';
import { LOST } from './node-command.ts';

const inventory = makeInventory({ users: 20, seed: 5, version: '0' });
const FAULT = '[{"name":"planted","kind":"status","status":503,"steps":["poll"]}]';

async function simulate(settings: Partial<Parameters<typeof startSimulator>[0]> = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, ...settings });
  onTestFinished(() => simulator.close());
  return simulator;
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with just these headers. */
function ask(
  { port }: RunningSimulator,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body = '',
): Promise<Answered> {
  return new Promise((done, failed) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => done({ status: response.statusCode!, headers: response.headers, body: text }));
    });
    sent.on('error', failed).end(body);
  });
}

/** Every door of the phone and admin APIs. */
const DOORS: readonly (readonly [method: string, path: string, body?: string])[] = [
  ['GET', '/admin/counts'],
  ['POST', '/admin/reset'],
  ['GET', '/admin/faults'],
  ['PUT', '/admin/faults', FAULT],
  ['POST', '/admin/faults', FAULT],
  ['DELETE', '/admin/faults'],
  ['DELETE', '/admin/faults/planted'],
  ['POST', '/phone/pair', '{}'],
  ['POST', '/phone/decide', '{}'],
  ['POST', '/phone/code', '{}'],
  ['POST', '/phone/reset', '{}'],
];

describe('The admin and phone APIs refuse', () => {
  test.each([
    ['a page of another origin', { origin: 'http://evil.test' }, 'FOREIGN_PAGE'],
    ['a page without an origin of its own (a sandbox, a file)', { origin: 'null' }, 'FOREIGN_PAGE'],
    ['a page on another port of this machine', { origin: 'http://127.0.0.1:1' }, 'FOREIGN_PAGE'],
    ['what a browser calls cross-site', { 'sec-fetch-site': 'cross-site' }, 'FOREIGN_PAGE'],
    ['what a browser calls same-site: another port of this machine', { 'sec-fetch-site': 'same-site' }, 'FOREIGN_PAGE'],
    ['a name that was made to point here', { host: 'rebound.evil.test:9031' }, 'FOREIGN_HOST'],
    ['a name that begins like a loopback one', { host: '127.0.0.1.evil.test' }, 'FOREIGN_HOST'],
    ['an address that it does not listen on', { host: '192.0.2.7:9031' }, 'FOREIGN_HOST'],
    ['a Host that is none', { host: 'a/b@127.0.0.1' }, 'FOREIGN_HOST'],
    ['a rebound name as its own origin', { host: 'evil.test', origin: 'http://evil.test' }, 'FOREIGN_HOST'],
  ])('%s, at each of their doors', async (_who, headers, code) => {
    const simulator = await simulate();
    for (const [method, path, body] of DOORS) {
      const answer = await ask(simulator, method, path, headers, body);
      expect([path, answer.status, JSON.parse(answer.body)]).toEqual([path, 403, expect.objectContaining({ code })]);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(JSON.parse((await ask(simulator, 'GET', '/admin/faults')).body)).toEqual({ faults: [] });
  });

  test('no answer to a look ahead of a request (CORS preflight)', async () => {
    const simulator = await simulate();
    const answer = await ask(simulator, 'OPTIONS', '/admin/faults', {
      origin: 'http://evil.test',
      'access-control-request-method': 'PUT',
    });
    expect(answer.status).toBe(404);
    expect(answer.headers['access-control-allow-methods']).toBeUndefined();
  });
});

describe('The admin and phone APIs serve', () => {
  test.each([
    ['curl and the harness', {}],
    ['whoever says localhost', { host: 'localhost:9031' }],
    ['any loopback address', { host: '127.8.9.1' }],
    ['loopback in IPv6', { host: '[::1]:9031' }],
    ['a person who types the address', { 'sec-fetch-site': 'none' }],
  ])('%s', async (_who, headers) => {
    const simulator = await simulate();
    expect((await ask(simulator, 'GET', '/admin/counts', headers)).status).toBe(200);
    expect((await ask(simulator, 'POST', '/admin/reset', headers)).status).toBe(204);
  });

  test('the host of --base-url, and a page of its origin', async () => {
    const simulator = await simulate({ host: '0.0.0.0', baseUrl: 'https://simulator.example.test' });
    const host = { host: 'simulator.example.test' };
    expect((await ask(simulator, 'GET', '/admin/counts', host)).status).toBe(200);
    const own = { ...host, origin: 'https://simulator.example.test', 'sec-fetch-site': 'same-origin' };
    expect((await ask(simulator, 'POST', '/admin/reset', own)).status).toBe(204);
    expect((await ask(simulator, 'GET', '/admin/counts', { host: 'other.example.test' })).status).toBe(403);
  });

  test('any address of the machine, where --host means all of them, but no other name', async () => {
    const simulator = await simulate({ host: '0.0.0.0' });
    expect((await ask(simulator, 'GET', '/admin/counts', { host: '192.0.2.7:9031' })).status).toBe(200);
    expect((await ask(simulator, 'GET', '/admin/counts', { host: 'evil.test' })).status).toBe(403);
  });
});

test('The Authentication API takes what it took: its own strictness is PingFederate’s', async () => {
  const simulator = await simulate();
  const path = '/as/authorization.oauth2?client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid';
  const headers = { origin: 'https://app.example.test', host: 'sso.example.test' };
  expect((await ask(simulator, 'GET', path, headers)).status).toBe(200);
  // The header against cross-site requests is asked for where there is a flow.
  expect((await ask(simulator, 'GET', '/pf-ws/authn/flows/x', headers)).status).toBe(403);
  expect((await ask(simulator, 'GET', '/pf-ws/authn/flows/x', { ...headers, 'x-xsrf-header': 'x' })).status).toBe(404);
});

if (CHROMIUM === undefined)
  console.warn('SKIPPED: no page of a real browser tries the simulator: there is no Chromium');

describe.skipIf(CHROMIUM === undefined)('A page in Chromium', () => {
  let browser: Browser;
  let site = '';
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>another site</title>'),
  );
  beforeAll(async () => {
    browser = await startChromium();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    site = `http://localhost:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  /** A page of another origin than the simulator's, and its way to try a door: what came of it, as far as the page can tell. */
  async function page(at = site): Promise<Page> {
    const opened = await browser.newPage();
    onTestFinished(() => opened.close());
    await opened.goto(at);
    return opened;
  }
  const tries = (
    from: Page,
    url: string,
    method: string,
    body: string | undefined,
    mode: 'cors' | 'no-cors',
  ): Promise<string> => {
    const init = JSON.stringify({ method, mode, ...(method === 'GET' ? {} : { body }) });
    return from.evaluate<string>(
      `fetch(${JSON.stringify(url)}, ${init})
         .then(async (answer) => answer.type + ' ' + (await answer.text()), (error) => String(error))`,
    );
  };

  /** A simulator whose state would show that somebody was there. */
  async function watched(): Promise<{ simulator: RunningSimulator; untouched: () => Promise<void> }> {
    const simulator = await simulate();
    const start = '/as/authorization.oauth2?client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid';
    await ask(simulator, 'GET', start, { 'x-xsrf-header': 'x' });
    await ask(simulator, 'POST', '/admin/faults', {}, FAULT.replace('planted', 'ours'));
    return {
      simulator,
      untouched: async () => {
        const counts = JSON.parse((await ask(simulator, 'GET', '/admin/counts')).body) as { starts: number };
        const { faults } = JSON.parse((await ask(simulator, 'GET', '/admin/faults')).body) as {
          faults: { fault: { name: string } }[];
        };
        expect(counts.starts).toBe(1);
        expect(faults.map(({ fault }) => fault.name)).toEqual(['ours']);
      },
    };
  }

  test('of another origin cannot reset, plant faults, read counts or pair', async () => {
    const { simulator, untouched } = await watched();
    const from = await page();
    for (const [method, path, body] of DOORS) {
      for (const mode of ['cors', 'no-cors'] as const) {
        const came = await tries(from, simulator.url + path, method, body, mode);
        // Nothing that it could read: an error, or an opaque answer without text.
        expect([path, came.startsWith('TypeError') || came === 'opaque ']).toEqual([path, true]);
      }
    }
    await untouched();
  }, 60_000);

  test.runIf(LOST)('that sends a form, or moves there itself, cannot either', async () => {
    const { simulator, untouched } = await watched();
    for (const path of ['/admin/reset', '/phone/reset', '/phone/pair']) {
      const from = await page();
      const [answer] = await Promise.all([
        from.waitForResponse((response) => response.url().endsWith(path)),
        from.evaluate(
          `const form = document.createElement('form');
           Object.assign(form, { method: 'post', action: ${JSON.stringify(simulator.url + path)}, enctype: 'text/plain' });
           document.body.append(form);
           form.submit();`,
        ),
      ]);
      expect(answer.status()).toBe(403);
    }
    await untouched();
  });

  test.runIf(LOST)('whose host name was made to point to the simulator (DNS rebinding) cannot either', async () => {
    const { simulator, untouched } = await watched();
    const rebound = await startChromium([`--host-resolver-rules=MAP evil.test 127.0.0.1`]);
    onTestFinished(() => rebound.close());
    const from = await rebound.newPage();
    const at = `http://evil.test:${simulator.port}`;
    await from.goto(`${at}/pf/heartbeat.ping`);
    for (const [method, path, body] of DOORS) {
      // The browser takes it for the page's own origin: it is shown the refusal.
      expect(await tries(from, at + path, method, body, 'cors')).toContain('FOREIGN_HOST');
    }
    await untouched();
  });
});

test('A run that reaches the simulator under a name of its own is told what to do, and does it', async () => {
  const folder = emptyFolder();
  const { port } = await simulate();
  const hosts = scriptFile(folder, 'hosts.json', JSON.stringify({ hosts: { 'sso.example.test': '127.0.0.1' } }));
  const args = ['run', 'smoke', '--dry-run', '--config', hosts, '-e', 'ALLOW_HOSTS=sso.example.test'];
  const { code, stderr } = await pairstorm(folder, [...args, '-e', `PF_BASE_URL=http://sso.example.test:${port}`]);
  expect(stderr).toMatch(/PHONE_URL: the simulator at \S+ does not answer to this host name; start it with --base-url/);
  expect(code).toBe(104);
  const named = await simulate({ baseUrl: 'http://sso.example.test' });
  const again = await pairstorm(folder, [...args, '-e', `PF_BASE_URL=http://sso.example.test:${named.port}`]);
  expect(again.stderr).not.toContain('does not answer to this host name');
});
