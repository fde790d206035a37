import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { CONTROL_HEADER, LiveServer } from '../../../cli/live-page/server.ts';
import type { LiveOrder } from '../../../cli/live-page/messages.ts';
import { follower } from './follower.ts';

let server: LiveServer | undefined;
afterEach(async () => {
  await server?.end({});
});

const stops: string[] = [];

async function serve(order: Partial<LiveOrder> = {}): Promise<number> {
  server = new LiveServer(
    { ...{ script: 'load', port: 0, host: '127.0.0.1', token: undefined, control: undefined }, ...order },
    { shell: () => '<!doctype html><title>x</title>', joined: () => undefined, stop: () => void stops.push('stop') },
  );
  return server.listen();
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const ask = (port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asking.on('error', reject).end();
  });

it('is for this machine, by its address, and fetches nothing from elsewhere', async () => {
  const port = await serve();
  const page = await ask(port, '/');
  expect(page.status).toBe(200);
  expect(page.headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src 'self'; .*connect-src 'self'/,
  );
  expect(page.headers['cross-origin-resource-policy']).toBe('same-origin');
  expect(page.headers['access-control-allow-origin']).toBeUndefined();
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
    expect((await ask(port, '/', { host })).status, host).toBe(200);
  // A name of somebody else's that leads here.
  for (const path of ['/', '/events', '/live.js', '/stop'])
    expect((await ask(port, path, { host: 'rebound.example.test' })).status, path).toBe(403);
});

it('only shows: nothing can be sent to it, and nothing else is there', async () => {
  const port = await serve();
  expect((await ask(port, '/', {}, 'POST')).status).toBe(405);
  expect((await ask(port, '/etc/passwd')).status).toBe(404);
  expect((await ask(port, '/stop', { [CONTROL_HEADER]: '' }, 'POST')).status).toBe(403);
  expect(stops).toEqual([]);
});

it('stops a run only for who has the page that may', async () => {
  const port = await serve({ control: 'let-me' });
  expect((await ask(port, '/stop', { [CONTROL_HEADER]: 'let-m' }, 'POST')).status).toBe(403);
  expect((await ask(port, '/stop', { [CONTROL_HEADER]: 'let-me' })).status).toBe(405);
  expect(stops).toEqual([]);
  expect((await ask(port, '/stop', { [CONTROL_HEADER]: 'let-me' }, 'POST')).status).toBe(204);
  expect(stops).toEqual(['stop']);
});

it('lets nobody in without the token, which leaves the address for a cookie', async () => {
  const port = await serve({ token: 'sesame-0123' });
  for (const path of ['/', '/events', '/live.js', '/?token=sesame', '/?token='])
    expect((await ask(port, path)).status, path).toBe(401);
  const entered = await ask(port, '/?token=sesame-0123', { host: 'loadgen.example.test' });
  expect([entered.status, entered.headers.location]).toEqual([303, '/']);
  const [cookie = ''] = entered.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^pairstorm-live-\d+=sesame-0123; HttpOnly; SameSite=Strict; Path=\/$/);
  expect((await ask(port, '/', { cookie: cookie.split(';')[0]! })).status).toBe(200);
  expect((await ask(port, '/', { cookie: 'pairstorm-live-1=sesame-0123' })).status).toBe(401);
});

it('gives who comes, or comes again, every part, and then those that changed', async () => {
  const port = await serve();
  const frame = (parts: Record<string, string>): void =>
    server!.show({ order: Object.keys(parts), parts: new Map(Object.entries(parts)) });
  frame({ a: 'A', b: 'B' });
  const first = follower(`http://127.0.0.1:${port}`);
  await first.until((parts) => parts.size === 2);
  frame({ a: 'A', b: 'B2' });
  await first.until((parts) => parts.get('b') === 'B2');
  expect(first.raw().match(/"a":"A"/g)).toHaveLength(1);
  first.leave();
  frame({ a: 'A2', c: 'C' });
  const again = follower(`http://127.0.0.1:${port}`);
  await again.until((parts) => parts.get('a') === 'A2' && parts.get('c') === 'C' && !parts.has('b'));
  await server!.end({ title: 'T', kind: '', body: 'report' });
  await again.closed;
  expect(again.end()).toMatchObject({ body: 'report' });
});

it('keeps nothing for a browser that does not read', async () => {
  const port = await serve();
  const asleep = request({ host: '127.0.0.1', port, path: '/events' }, (response) => response.pause());
  asleep.end();
  while (!server!.followed) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  for (let at = 0; at < 2_000; at++) {
    server!.show({ order: ['a'], parts: new Map([['a', `${at} ${'x'.repeat(100_000)}`]]) });
    if (at % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  // Of 200 MB it may hold what the socket takes, and one event.
  expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(100e6);
  asleep.destroy();
});

it('takes only so many at once', async () => {
  const port = await serve();
  const followers = Array.from({ length: 16 }, () => follower(`http://127.0.0.1:${port}`));
  server!.show({ order: ['a'], parts: new Map([['a', 'A']]) });
  await Promise.all(followers.map((one) => one.until((parts) => parts.size === 1)));
  expect((await ask(port, '/events')).status).toBe(503);
  followers.forEach((one) => one.leave());
});
