import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import { createServer } from 'node:http';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { describe, expect, it, onTestFinished } from 'vitest';
import { proxyChoice } from '../../engine/http/proxy.ts';
import { runScript, serve } from './script-fixture.ts';
import type { ScriptRun } from './script-fixture.ts';

/** Runs `body` in the iterations that `options` says, with `get(url)` printing status, error code and body. */
function requests(
  body: string,
  options: string,
  env: Record<string, string>,
  more: Parameters<typeof runScript>[1] = {},
): Promise<ScriptRun> {
  const source = `
    const http = require('k6/http');
    exports.options = ${options};
    const get = async (url) => {
      const res = await http.asyncRequest('GET', url, null, { timeout: '5s' });
      console.log(res.status, res.error_code, res.body, res.tls_version);
      return res;
    };
    exports.default = async () => { ${body} };`;
  return runScript(source, { env, ...more });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function serveTls(options: ServerOptions): Promise<number> {
  const server = createTlsServer(options, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate() as Partial<PeerCertificate>;
    response.end(`${request.headers.host!} ${String(subject?.CN)}`);
  });
  server.on('tlsClientError', () => undefined);
  return listen(server);
}

const portOf = (url: string): string => new URL(url).port;

describe('hosts', () => {
  it('leads a name elsewhere, the closest entry first, and leaves the Host header', async () => {
    const base = await serve((request, response) => response.end(request.headers.host));
    const other = await serve((_request, response) => response.end('other'));
    const result = await requests(
      `await get('http://a.test:1/'); await get('http://deep.b.test/'); await get('http://x.b.test/'); await get('http://c.test:81/');`,
      `{ hosts: { 'a.test': '127.0.0.1:' + __ENV.PORT, '*.b.test': '127.0.0.1:' + __ENV.PORT, 'x.b.test': '127.0.0.1:' + __ENV.OTHER, 'c.test:81': '127.0.0.1:' + __ENV.PORT, 'c.test': '127.0.0.1:1' } }`,
      { PORT: portOf(base), OTHER: portOf(other) },
    );
    expect(result.said).toEqual(['200 0 a.test:1 ', '200 0 deep.b.test ', '200 0 other ', '200 0 c.test:81 ']);
  });
});

describe('blockHostnames and blacklistIPs', () => {
  it('refuse a request with 1111 and 1110 before a connection is made, redirects included', async () => {
    let asked = 0;
    const base = await serve((request, response) => {
      asked++;
      response.writeHead(302, { location: `http://localhost:${String(request.socket.localPort)}/` }).end();
    });
    const blocked = await requests(`await get(__ENV.BASE);`, `{ blockHostnames: ['*host', 'x.test'] }`, { BASE: base });
    expect(blocked.said).toEqual(['0 1111 null ']);
    expect(asked).toBe(1);
    for (const host of ['127.0.0.1', 'localhost', 'named.test']) {
      const url = `http://${host}:${portOf(base)}/`;
      const options = `{ blacklistIPs: ['127.0.0.0/8', '::1'], hosts: { 'named.test': '127.0.0.1' } }`;
      expect((await requests(`await get(__ENV.URL);`, options, { URL: url })).said).toEqual(['0 1110 null ']);
    }
    expect(asked).toBe(1);
  });
});

describe('rps', () => {
  it('spaces the requests of all VUs', async () => {
    const base = await serve((_request, response) => response.end());
    const result = await requests(`await get(__ENV.BASE);`, `{ rps: 50, vus: 4, iterations: 12 }`, { BASE: base });
    expect(result.said).toHaveLength(12);
    // The twelfth goes 11/50 s after the first; without the limit all take some 20 ms. A timer may fire a little early.
    expect(result.durationMs).toBeGreaterThan(200);
  });

  it('does not keep what is interrupted while it waits', async () => {
    const base = await serve((_request, response) => response.end());
    const options = `{ rps: 1, scenarios: { s: { executor: 'constant-vus', vus: 50, duration: '50ms', gracefulStop: '0s' } } }`;
    const result = await requests(`await get(__ENV.BASE);`, options, { BASE: base });
    expect(result.iterations.started).toBe(result.iterations.completed + result.iterations.interrupted);
    // The last of them would go after 49 s.
    expect(result.durationMs).toBeLessThan(40_000);
  });
});

describe('Connections', () => {
  const counting = async (): Promise<{ base: string; ports: Set<number> }> => {
    const ports = new Set<number>();
    const base = await serve((request, response) => {
      ports.add(request.socket.remotePort!);
      response.end();
    });
    return { base, ports };
  };

  it.each([
    ['last over iterations', '{ iterations: 3 }', 1],
    ['last for an iteration with noVUConnectionReuse', '{ iterations: 3, noVUConnectionReuse: true }', 3],
    ['last for a request with noConnectionReuse', '{ iterations: 3, noConnectionReuse: true }', 6],
  ])('%s', async (_title, options, connections) => {
    const { base, ports } = await counting();
    await requests(`await get(__ENV.BASE); await get(__ENV.BASE);`, options, { BASE: base });
    expect(ports.size).toBe(connections);
  });
});

describe('TLS', () => {
  it('shows the client certificate of tlsAuth to the hosts that it is for', async () => {
    const server = generate([{ name: 'commonName', value: 'server' }], { algorithm: 'sha256' });
    const client = generate([{ name: 'commonName', value: 'client' }], { algorithm: 'sha256' });
    const [own, his] = await Promise.all([server, client]);
    const port = await serveTls({ key: own.private, cert: own.cert, requestCert: true, rejectUnauthorized: false });
    const result = await requests(
      `await get('https://a.test/'); await get('https://b.test/');`,
      `{ insecureSkipTLSVerify: true, hosts: { '*.test': '127.0.0.1:' + __ENV.PORT }, tlsAuth: [{ cert: __ENV.CERT, key: __ENV.KEY, domains: ['a.test'] }] }`,
      { PORT: String(port), CERT: his.cert, KEY: his.private },
    );
    expect(result.said).toEqual(['200 0 a.test client tls1.3', '200 0 b.test undefined tls1.3']);
  });

  it('refuses a certificate that does not fit its key, repeating neither', async () => {
    const [a, b] = await Promise.all([generate([], { algorithm: 'sha256' }), generate([], { algorithm: 'sha256' })]);
    const result = await requests('', `{ tlsAuth: [{ cert: __ENV.CERT, key: __ENV.KEY }] }`, {
      CERT: a.cert,
      KEY: b.private,
    });
    expect(result).toMatchObject({ exitCode: 104 });
    expect(result.reason).toMatch(
      /^options\.tlsAuth\[0\]\.key does not belong to the certificate of options\.tlsAuth\[0\]\.cert$/,
    );
    expect(result.reason).not.toContain('BEGIN');
  });

  it('speaks the versions of tlsVersion', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'x' }], { algorithm: 'sha256' });
    const env = { URL: `https://127.0.0.1:${await serveTls({ key, cert })}/` };
    const old = await requests(`await get(__ENV.URL);`, `{ insecureSkipTLSVerify: true, tlsVersion: 'tls1.2' }`, env);
    expect(old.said[0]).toMatch(/tls1\.2$/);
    const newOnly = `https://127.0.0.1:${await serveTls({ key, cert, minVersion: 'TLSv1.3' })}/`;
    const options = `{ insecureSkipTLSVerify: true, tlsVersion: { min: 'tls1.2', max: 'tls1.2' } }`;
    expect((await requests(`await get(__ENV.URL);`, options, { URL: newOnly })).said[0]).toMatch(/^0 1321 /);
  });
});

describe('A proxy of the environment', () => {
  /** A proxy that knows every host as this machine; it notes what it was asked. */
  async function proxy(): Promise<{ url: string; seen: string[] }> {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method!} ${request.url!} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
      response.end('by proxy');
    });
    server.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.url!} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
      if (request.url!.startsWith('refused')) {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      const onward = connect(Number(request.url!.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    const port = await listen(server);
    onTestFinished(() => server.closeAllConnections());
    return { url: `http://me:pass%20word@127.0.0.1:${port}`, seen };
  }
  const CREDENTIALS = `Basic ${Buffer.from('me:pass word').toString('base64')}`;

  it('gets the whole URL of a plain request, and opens a tunnel for TLS', async () => {
    const { url, seen } = await proxy();
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'x' }], { algorithm: 'sha256' });
    const port = await serveTls({ key, cert });
    const direct = await serve((_request, response) => response.end('direct'));
    const result = await requests(
      `await get('http://a.test/x?y=1'); await get('https://b.test:' + __ENV.PORT + '/'); await get('https://refused.test/'); await get(__ENV.DIRECT);`,
      `{ insecureSkipTLSVerify: true }`,
      { PORT: String(port), DIRECT: direct },
      { proxies: { http: url, https: url, no: '' } },
    );
    expect(result.said).toEqual([
      '200 0 by proxy ',
      `200 0 b.test:${port} undefined tls1.3`,
      '0 1288 null ',
      // Loopback is never reached through a proxy.
      '200 0 direct ',
    ]);
    expect(seen).toEqual([
      `GET http://a.test/x?y=1 ${CREDENTIALS}`,
      `CONNECT b.test:${port} ${CREDENTIALS}`,
      `CONNECT refused.test:443 ${CREDENTIALS}`,
    ]);
  });

  it.each([
    ['a.test', 80, true],
    ['x.a.test', 80, true],
    ['xa.test', 80, false],
    ['b.test', 8080, true],
    ['b.test', 80, false],
    ['10.1.2.3', 80, true],
    ['11.1.2.3', 80, false],
    ['localhost', 80, true],
    ['127.9.9.9', 80, true],
    ['::1', 80, true],
  ])('is not used for what NO_PROXY excludes: %s:%i %s', (host, port, excluded) => {
    const choose = proxyChoice({ http: 'proxy.test:3128', https: '', no: 'a.test, b.test:8080 ,10.0.0.0/8' })!;
    expect(choose(false, host, port) === undefined).toBe(excluded);
    expect(choose(true, host, port)).toBeUndefined();
  });

  it('is refused if it is none that the engine can use, without its password', async () => {
    const proxies = { http: 'socks5://me:hunter2@proxy.test', https: '', no: '' };
    const { exitCode, reason } = await requests('', '{}', {}, { proxies });
    expect(exitCode).toBe(104);
    expect(reason).toBe('HTTP_PROXY is not a supported proxy; write http://HOST:PORT, or unset it');
  });
});

it('A body that is gzip, deflate or br is read as what it was', async () => {
  const base = await serve((request, response) => {
    const coding = request.url!.slice(1);
    const coded = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[coding]!('plain');
    response.writeHead(200, { 'content-encoding': coding }).end(coded);
  });
  const result = await requests(`for (const c of ['gzip', 'deflate', 'br']) await get(__ENV.BASE + '/' + c);`, '{}', {
    BASE: base,
  });
  expect(result.said).toEqual(Array(3).fill('200 0 plain '));
});

it('A proxy that is not there is a failed request', async () => {
  const closed = createTcpServer();
  const port = await listen(closed);
  await new Promise((resolve) => closed.close(resolve));
  const proxies = { http: `http://127.0.0.1:${port}`, https: `http://127.0.0.1:${port}`, no: '' };
  const result = await requests(`await get('http://a.test/'); await get('https://a.test/');`, '{}', {}, { proxies });
  expect(result.said).toEqual(['0 1286 null ', '0 1286 null ']);
});
