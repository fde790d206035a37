import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { expect, onTestFinished, test } from 'vitest';
import { runScript, serve, value } from './script-fixture.ts';

/** A script that runs `body` once, with k6/http as `http`, BASE, and `show` to print as JSON. */
const script = (body: string, options = '{}'): string => `
  const http = require('k6/http');
  exports.options = ${options};
  const show = (...values) => console.log(JSON.stringify(values));
  const BASE = __ENV.BASE;
  exports.default = async () => { ${body} };
`;

test('a request carries method, body, headers, and its answer reads like one of k6', async () => {
  const base = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.writeHead(201, 'Made', { 'content-type': 'application/json', 'x-request-id': '7', 'x-two': ['a', 'b'] });
      response.end(
        JSON.stringify({
          method: request.method,
          url: request.url,
          type: request.headers['content-type'],
          agent: request.headers['user-agent'],
          body,
        }),
      );
    });
  });
  const result = await runScript(
    script(`
      const res = await http.asyncRequest('POST', BASE + '/a?b=1#c', JSON.stringify({ n: 1 }), { headers: { 'Content-Type': 'application/json', 'X-A': '1' } });
      show(res.status, res.status_text, res.proto, res.error, res.error_code, res.headers['X-Request-Id'], res.headers['X-Two'], res.url === BASE + '/a?b=1');
      show(res.json(), res.json('body'), res.request.headers['X-A'], res.remote_ip);
      const form = await http.asyncRequest('POST', BASE, { user: 'a b', none: null });
      show(form.json('type'), form.json('body'));
      const file = await http.asyncRequest('POST', BASE, { f: http.file('data', 'f.txt', 'text/plain') });
      show(file.json('body').includes('filename="f.txt"'), file.json('type').startsWith('multipart/form-data; boundary='));
      show((await http.asyncRequest('GET', BASE, null, { responseType: 'none' })).body, (await http.asyncRequest('GET', BASE, null, { responseType: 'binary' })).body instanceof ArrayBuffer);
    `),
    { env: { BASE: base } },
  );
  expect(result.said.map((line) => JSON.parse(line) as unknown)).toEqual([
    [201, '201 Made', 'HTTP/1.1', '', 0, '7', 'a, b', true],
    [
      {
        method: 'POST',
        url: '/a?b=1',
        type: 'application/json',
        agent: 'Pairstorm/0.1 (k6-compatible)',
        body: '{"n":1}',
      },
      '{"n":1}',
      ['1'],
      '127.0.0.1',
    ],
    ['application/x-www-form-urlencoded', 'user=a+b&none='],
    [true, true],
    [null, true],
  ]);
});

test('a request arrives byte for byte, whatever its length and characters, and a short one in one piece', async () => {
  const pieces: Buffer[][] = [];
  const server = createServer((socket) => {
    let current: Buffer[] = [];
    socket.on('data', (chunk) => {
      current.push(chunk);
      const whole = Buffer.concat(current);
      const head = whole.indexOf('\r\n\r\n') + 4;
      const length = /content-length: (\d+)/i.exec(whole.toString('latin1'))?.[1];
      if (head < 4 || whole.length < head + Number(length ?? 0)) return;
      pieces.push(current);
      current = [];
      socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const bodies = ['x', 'ü€😀', 'é'.repeat(5_000), 'a'.repeat(16_384), 'b'.repeat(200_000)];
  const result = await runScript(
    script(`
      for (const body of ${JSON.stringify(bodies)}) {
        await http.asyncRequest('POST', BASE, body, { headers: { 'X-Name': 'ü' } });
        await http.asyncRequest('GET', BASE);
      }
      const bytes = new Uint8Array(256).map((_, at) => at);
      show((await http.asyncRequest('PUT', BASE, bytes.buffer)).status);
    `),
    { env: { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } },
  );
  expect(result.said).toEqual(['[204]']);
  const arrived = pieces.map((chunks) => Buffer.concat(chunks));
  const bodyOf = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf('\r\n\r\n') + 4);
  expect(arrived.slice(0, -1).map((bytes) => bodyOf(bytes).toString())).toEqual(bodies.flatMap((body) => [body, '']));
  expect(bodyOf(arrived.at(-1)!)).toEqual(Buffer.from(Array.from({ length: 256 }, (_, at) => at)));
  expect(pieces.slice(0, 6).map((chunks) => chunks.length)).toEqual([1, 1, 1, 1, 1, 1]);
});

test('timings are not negative, and duration is sending + waiting + receiving', async () => {
  const base = await serve((_request, response) => setTimeout(() => response.end('x'), 30));
  const result = await runScript(
    script(`for (let i = 0; i < 3; i++) show((await http.asyncRequest('GET', BASE)).timings);`),
    { env: { BASE: base } },
  );
  const timings = result.said.map((line) => (JSON.parse(line) as [Record<string, number>])[0]);
  for (const t of timings) {
    for (const part of Object.values(t)) expect(part).toBeGreaterThanOrEqual(0);
    expect(t['duration']).toBeCloseTo(t['sending']! + t['waiting']! + t['receiving']!, 9);
    expect(t['waiting']).toBeGreaterThan(25);
  }
  expect(timings[0]!['connecting']).toBeGreaterThan(0);
  expect(timings[1]!['connecting']).toBe(0);
});

test('a connection is kept over iterations; requests of one VU that overlap get several', async () => {
  const ports = new Set<number>();
  const base = await serve((request, response) => {
    ports.add(request.socket.remotePort!);
    setTimeout(() => response.end(), 20);
  });
  const one = await runScript(script(`await http.asyncRequest('GET', BASE);`, '{ iterations: 5 }'), {
    env: { BASE: base },
  });
  expect(one.exitCode).toBe(0);
  expect(ports.size).toBe(1);
  ports.clear();
  await runScript(script(`await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => http.asyncRequest('GET', BASE)));`), {
    env: { BASE: base },
  });
  expect(ports.size).toBe(6);
});

test('a failed request is an answer with status 0, an error code and samples; it throws only if told to', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined));
  const resetting = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const garbage = createServer((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
  const portOf = async (server: typeof silent): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  };
  const closed = createServer();
  const closedPort = await portOf(closed);
  await new Promise((resolve) => closed.close(resolve));
  const env = {
    REFUSED: `http://127.0.0.1:${closedPort}/`,
    SILENT: `http://127.0.0.1:${await portOf(silent)}/`,
    RESET: `http://127.0.0.1:${await portOf(resetting)}/`,
    GARBAGE: `http://127.0.0.1:${await portOf(garbage)}/`,
  };
  const body = `for (const [url, timeout] of [[__ENV.REFUSED, '5s'], [__ENV.SILENT, 50], [__ENV.RESET, '5s'], [__ENV.GARBAGE, '5s'], ['ftp://x', '5s']]) {
    const res = await http.asyncRequest('GET', url, null, { timeout, tags: { name: 'x' } });
    let json = ''; try { res.json(); } catch (error) { json = error.message; }
    show(res.status, res.error_code, res.error, res.body, json !== '');
  }`;
  const result = await runScript(script(body), { env });
  expect(result.said.map((line) => JSON.parse(line) as unknown)).toEqual([
    [0, 1212, 'dial: connection refused', null, true],
    [0, 1050, 'request timeout', null, true],
    [0, 1220, 'read: connection reset by peer', null, true],
    [0, 1000, 'the response is not valid HTTP', null, true],
    [0, 1020, 'invalid URL', null, true],
  ]);
  expect(result.warnings).toHaveLength(5);
  expect(value(result, 'http_reqs', 'count')).toBe(5);
  expect(value(result, 'http_req_failed', 'passes')).toBe(5);
  expect(result.summary.metrics['http_req_duration{expected_response:true}']).toBeUndefined();
  const throwing = await runScript(
    script(
      `await http.asyncRequest('GET', __ENV.REFUSED).catch((error) => show(error instanceof Error, error.message));`,
      '{ throw: true }',
    ),
    { env },
  );
  expect(throwing.said).toEqual(['[true,"dial: connection refused"]']);
});

test('cookies live in the VU jar for one iteration, in jars of the script as long as it likes', async () => {
  const base = await serve((request, response) => {
    response.setHeader('set-cookie', ['sid=1; Path=/; HttpOnly', 'other=x; Path=/elsewhere']);
    response.end(request.headers.cookie ?? 'none');
  });
  const result = await runScript(
    script(
      `const first = await http.asyncRequest('GET', BASE);
       const second = await http.asyncRequest('GET', BASE, null, { cookies: { mine: '2', sid: 'ignored' } });
       const jar = new http.CookieJar();
       const own = await http.asyncRequest('GET', BASE, null, { jar });
       jar.set(BASE, 'set', '3');
       const filled = await http.asyncRequest('GET', BASE, null, { jar, cookies: { sid: { value: 'new', replace: true } } });
       show(first.body, second.body, own.body, filled.body, first.cookies.sid[0].httpOnly, http.cookieJar().cookiesForURL(BASE).sid);
       jar.clear(BASE); show((await http.asyncRequest('GET', BASE, null, { jar })).body);`,
      '{ iterations: 2 }',
    ),
    { env: { BASE: base } },
  );
  const expected = ['["none","sid=1; mine=2","none","sid=new; set=3",true,["1"]]', '["none"]'];
  expect(result.said).toEqual([...expected, ...expected]);
});

test('redirects are followed ten times unless told otherwise, and each hop is a request', async () => {
  const seen: string[] = [];
  const base = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const left = Number(request.url!.split('/')[2] ?? 0);
    const code = Number(request.url!.split('/')[1] ?? 302);
    if (left > 0) response.writeHead(code, { location: `/${code}/${left - 1}` });
    request.resume().on('end', () => response.end());
  });
  const result = await runScript(
    script(
      `const followed = await http.asyncRequest('POST', BASE + '/302/2', 'x', { tags: { name: 'hop' } });
       const kept = await http.asyncRequest('POST', BASE + '/307/1', 'x', { tags: { name: 'kept' } });
       const raw = await http.asyncRequest('GET', BASE + '/302/2', null, { redirects: 0, tags: { name: 'raw' } });
       const endless = await http.asyncRequest('GET', BASE + '/302/99', null, { tags: { name: 'endless' } });
       show(followed.status, followed.url.slice(BASE.length), kept.request.method, raw.status, raw.headers.Location, endless.status);`,
      `{ thresholds: { 'http_reqs{name:hop}': ['count==3'], 'http_reqs{name:endless}': ['count==11'] } }`,
    ),
    { env: { BASE: base } },
  );
  expect(result.said).toEqual(['[200,"/302/0","POST",302,"/302/1",302]']);
  expect(seen.slice(0, 5)).toEqual(['POST /302/2', 'GET /302/1', 'GET /302/0', 'POST /307/1', 'POST /307/0']);
  expect(result.exitCode).toBe(0);
});

test('expected statuses decide what failed means, per request and per VU', async () => {
  const base = await serve((_request, response) => response.writeHead(400).end());
  const result = await runScript(
    script(
      `const res = await http.asyncRequest('GET', BASE, null, { responseCallback: http.expectedStatuses(400, { min: 200, max: 299 }) });
       await http.asyncRequest('GET', BASE);
       show(res.error_code);
       http.setResponseCallback(null); await http.asyncRequest('GET', BASE);`,
    ),
    { env: { BASE: base } },
  );
  expect(result.said).toEqual(['[1400]']);
  expect(value(result, 'http_reqs', 'count')).toBe(3);
  expect(result.summary.metrics['http_req_failed']?.values).toEqual({ rate: 0.5, passes: 1, fails: 1 });
});

test('compressed bodies are read, broken ones are error 1701', async () => {
  const base = await serve((request, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(request.url === '/ok' ? gzipSync('{"a":1}') : 'no gzip');
  });
  const result = await runScript(
    script(
      `show((await http.asyncRequest('GET', BASE + '/ok')).json('a'), (await http.asyncRequest('GET', BASE + '/bad')).error_code);`,
    ),
    { env: { BASE: base } },
  );
  expect(result.said).toEqual(['[1,1701]']);
});

test('a Secure cookie is sent over TLS alone: over plain HTTP not even to loopback', async () => {
  const sent: (string | undefined)[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    sent.push(request.headers.cookie);
    response.setHeader('set-cookie', ['PF=1; Path=/; Secure', 'open=2; Path=/']).end();
  };
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'x' }], { algorithm: 'sha256' });
  const secure = createTlsServer({ key, cert }, answer);
  await new Promise<void>((resolve) => void secure.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void secure.close());
  const tls = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
  for (const BASE of [await serve(answer), tls]) {
    const twice = `for (const n of [1, 2]) await http.asyncRequest('GET', BASE + '/' + n);`;
    await runScript(script(twice, '{ insecureSkipTLSVerify: true }'), { env: { BASE } });
  }
  expect(sent).toEqual([undefined, 'open=2', undefined, 'PF=1; open=2']);
});

test('TLS: an unknown authority is error 1310, unless insecureSkipTLSVerify', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const server = createTlsServer({ key, cert }, (_request, response) => void response.end('secret'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const env = { BASE: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const body = `const res = await http.asyncRequest('GET', BASE); show(res.status, res.error_code, res.tls_version, res.timings.tls_handshaking > 0);`;
  expect((await runScript(script(body), { env })).said).toEqual(['[0,1310,"",false]']);
  expect((await runScript(script(body, '{ insecureSkipTLSVerify: true }'), { env })).said).toEqual([
    '[200,0,"tls1.3",true]',
  ]);
});

test('a request in init code is an error of the script', async () => {
  const result = await runScript(
    `require('k6/http').asyncRequest('GET', 'http://127.0.0.1:1/'); exports.default = () => {};`,
  );
  expect(result).toMatchObject({ exitCode: 107 });
  expect(result.reason).toContain('is not available in the init context');
});

test('a tagged template names the request by its pattern', async () => {
  const base = await serve((_request, response) => void response.end());
  const result = await runScript(
    'const http = require("k6/http"); exports.options = { thresholds: { "http_reqs{name:${}/user/${}}": ["count==3"] } };' +
      'exports.default = async () => { for (let id = 0; id < 3; id++) await http.asyncRequest("GET", http.url`${__ENV.BASE}/user/${id}`); };',
    { env: { BASE: base } },
  );
  expect(result.thresholds).toEqual([
    { metric: 'http_reqs{name:${}/user/${}}', expression: 'count==3', value: 3, ok: true },
  ]);
});
