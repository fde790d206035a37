import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runScript, serve, value } from './script-fixture.ts';
import type { ScriptRun } from './script-fixture.ts';

/** A server that answers whatever bytes `answer` writes; gives its base URL. */
async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Two requests to a bad server between two to a good one: what each came to. */
async function among(bad: string, params = '{}'): Promise<ScriptRun> {
  const good = await serve((_request, response) => response.end('good'));
  return runScript(
    `const http = require('k6/http'); const { Counter } = require('k6/metrics');
     const steps = new Counter('steps');
     exports.default = async () => {
       for (const url of [__ENV.GOOD, __ENV.BAD, __ENV.BAD, __ENV.GOOD]) {
         const res = await http.asyncRequest('GET', url, null, ${params});
         steps.add(1);
         console.log(res.status, res.error_code, res.error, res.body === null ? null : res.body.length);
       }
     };`,
    { env: { GOOD: good, BAD: bad } },
  );
}

/** What a server that misbehaves in one way costs: the two requests, with this line each, and nothing else. */
async function expectCost(bad: string, line: RegExp, params?: string): Promise<void> {
  const result = await among(bad, params);
  expect(result.said).toEqual([
    '200 0  4',
    expect.stringMatching(line) as string,
    expect.stringMatching(line) as string,
    '200 0  4',
  ]);
  expect(result).toMatchObject({ exitCode: 0, iterations: { completed: 1 } });
  expect(value(result, 'http_reqs', 'count')).toBe(4);
  expect(value(result, 'steps', 'count')).toBe(4);
}

describe('A server that', () => {
  it.each<readonly [string, (socket: Socket) => void, RegExp]>([
    ['resets the connection', (socket) => socket.resetAndDestroy(), /^0 1220 read: connection reset by peer null$/],
    ['closes it without an answer', (socket) => socket.end(), /^0 1000 connection closed before .* null$/],
    ['hangs', () => undefined, /^0 1050 request timeout null$/],
    [
      'hangs in the middle of the body',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
      /^0 1050 request timeout null$/,
    ],
    [
      'sends half a body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
      /^0 1000 connection closed before .* null$/,
    ],
    [
      'sends half a chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nhalf'),
      /^0 1000 connection closed before .* null$/,
    ],
    [
      'sends more than it said',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbodyand more'),
      /^200 0 {2}4$/,
    ],
    [
      'says no number as length',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\nbody'),
      /^0 1000 the response is not valid HTTP null$/,
    ],
    [
      'says two lengths',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nbody!'),
      /^0 1000 the response is not valid HTTP null$/,
    ],
    [
      'sends headers without end',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`),
      /^0 1000 the response headers are larger than 16 KiB null$/,
    ],
    ['speaks no HTTP', (socket) => socket.write('hello\r\n\r\n'), /^0 1000 the response is not valid HTTP null$/],
    [
      'sends bytes that are not UTF-8, which are read as U+FFFD',
      (socket) =>
        socket.write(Buffer.from('HTTP/1.1 200 OK\r\nx-a: \xff\r\ncontent-length: 4\r\n\r\na\xff\xfeb', 'latin1')),
      /^200 0 {2}4$/,
    ],
  ])('%s costs its requests alone', async (title, answer, line) => {
    // Short only where nothing else can come: a machine that stands still would make a timeout of any answer.
    const timeout = title.startsWith('hangs') ? 300 : 30_000;
    await expectCost(await rawServer(answer), line, `{ timeout: url === __ENV.BAD ? ${timeout} : 30000 }`);
  });

  it('sends 1 GiB costs its requests alone: reading stops at 64 MiB', async () => {
    const block = Buffer.alloc(1 << 20, 'x');
    let sent = 0;
    const bad = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${1 << 30}\r\n\r\n`);
      let left = 1 << 10;
      const more = (): void => {
        while (left > 0 && !socket.destroyed) {
          left--;
          sent++;
          if (!socket.write(block)) {
            socket.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    await expectCost(bad, /^0 1000 the body is larger than 64 MiB null$/);
    // Two requests, and what the sockets hold on the way.
    expect(sent).toBeLessThan(256);
  });

  it('sets 10,000 cookies: they are kept, and a request that grows too large for a server is a failed request', async () => {
    const base = await serve((request, response) => {
      const page = Number(new URL(request.url!, 'http://x').searchParams.get('page'));
      response.setHeader(
        'set-cookie',
        Array.from({ length: 200 }, (_, n) => `c${page}-${n}=v; Path=/set`),
      );
      response.end(String((request.headers.cookie ?? '').split(';').length));
    });
    const result = await runScript(
      `const http = require('k6/http');
       exports.default = async () => {
         for (let page = 0; page < 50; page++) await http.asyncRequest('GET', __ENV.BASE + '/?page=' + page);
         const jar = http.cookieJar();
         console.log(Object.keys(jar.cookiesForURL(__ENV.BASE + '/set')).length);
         const refused = await http.asyncRequest('GET', __ENV.BASE + '/set');
         const spared = await http.asyncRequest('GET', __ENV.BASE + '/');
         console.log(refused.status, spared.status, spared.body);
       };`,
      { env: { BASE: base } },
    );
    expect(result.said).toEqual(['10000', '431 200 1']);
    expect(result.exitCode).toBe(0);
  });
});

describe('A script that', () => {
  it.each([
    ['throws in init', `throw new Error('bad')`, 107, 0],
    ['throws in setup', `exports.setup = () => { throw new Error('bad'); }`, 107, 0],
    ['throws in each iteration', `exports.default = () => { n.add(1); throw new Error('bad'); }`, 107, 3],
    ['throws what is not an error', `exports.default = () => { n.add(1); throw undefined; }`, 107, 3],
    ['throws an object without end', `exports.default = () => { n.add(1); const o = {}; o.o = o; throw o; }`, 107, 3],
    [
      'throws what throws when read',
      `exports.default = () => { n.add(1); throw { get message() { throw 1; }, get stack() { throw 2; } }; }`,
      107,
      3,
    ],
    [
      'throws in a timer',
      `exports.default = () => { n.add(1); setTimeout(() => { throw new Error('bad'); }, 1); }`,
      107,
      3,
    ],
    ['throws in one iteration', `exports.default = () => { n.add(1); if (__ITER === 1) throw undefined; }`, 0, 3],
    ['throws in teardown', `exports.teardown = () => { throw new Error('bad'); }`, 107, 3],
    ['throws in handleSummary', `exports.handleSummary = () => { throw new Error('bad'); }`, 107, 3],
    ['returns nonsense from handleSummary', `exports.handleSummary = () => ({ stdout: 7 })`, 107, 3],
    ['recurses without end', `exports.default = function f() { n.add(1); const g = () => g(); g(); }`, 107, 3],
  ])('%s is answered, and nothing counted before is lost', async (_title, bad, exitCode, counted) => {
    const result = await runScript(
      `const { Counter } = require('k6/metrics'); const n = new Counter('n');
       exports.options = { iterations: 3 }; exports.default = () => { n.add(1); };
       ${bad};`,
    );
    expect(result.exitCode).toBe(exitCode);
    expect(value(result, 'n', 'count') ?? 0).toBe(counted);
    if (counted > 0) expect(result.files['stdout']).toMatch(/ n\.+: 3 /);
  });

  it('never settles its promise is interrupted at the end, and counted as interrupted', async () => {
    const result = await runScript(
      `const { Counter } = require('k6/metrics'); const n = new Counter('n');
       exports.options = { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '100ms', gracefulStop: '50ms' } } };
       exports.default = async () => { n.add(1); await new Promise(() => {}); };`,
    );
    expect(result).toMatchObject({
      exitCode: 0,
      iterations: { planned: 2, started: 2, completed: 0, interrupted: 2, dropped: 0 },
    });
    expect(value(result, 'n', 'count')).toBe(2);
  });

  it('uses 100,000 tag values loses no sample: those beyond the limit are counted together, the tag is named', async () => {
    const result = await runScript(
      `const { Counter, Trend } = require('k6/metrics'); const n = new Counter('n'); const t = new Trend('t');
       const exec = require('k6/execution');
       exports.options = { thresholds: { 'n{id:5}': ['count==1'] } };
       exports.default = () => {
         for (let i = 0; i < 100000; i++) { n.add(1, { id: String(i) }); t.add(i, { id: String(i) }); }
         for (let i = 0; i < 5000; i++) { exec.vu.metrics.tags.own = String(i); n.add(1); }
       };`,
    );
    expect(value(result, 'n', 'count')).toBe(105_000);
    expect(value(result, 't', 'max')).toBe(99_999);
    expect(result.warnings).toEqual([
      expect.stringMatching(/^metric n has more than 2000 tag sets, mostly because of its tag "id"/),
      expect.stringMatching(/^metric t has more than 2000 tag sets, mostly because of its tag "id"/),
    ]);
    expect(result.exitCode).toBe(0);
  });
});
