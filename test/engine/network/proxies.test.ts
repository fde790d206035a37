import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyFolder, pairstorm } from '../../cli/command.ts';
import { runScript } from '../script-fixture.ts';

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy that answers every request, plain or for a tunnel, with a status. */
function refusing(status: number): Promise<string> {
  const server = createServer((_request, response) =>
    response.writeHead(status, { 'proxy-authenticate': 'Basic' }).end(),
  );
  server.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\nProxy-Authenticate: Basic\r\n\r\n`));
  return listen(server);
}

async function down(): Promise<string> {
  const server = createServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** What a plain request and one over TLS come to through a proxy. */
async function through(proxy: string): Promise<readonly string[]> {
  const { said } = await runScript(
    `const http = require('k6/http');
     exports.default = async () => {
       for (const url of ['http://a.test/', 'https://a.test/']) {
         const { status, error_code, error } = await http.asyncRequest('GET', url, null, { timeout: '10s' });
         console.log([status, error_code, error].join(' ').trim());
       }
     };`,
    { proxies: { http: proxy, https: proxy, no: '' } },
  );
  return said;
}

describe('A failure of a proxy is called one', () => {
  it.each<readonly [string, () => Promise<string>, readonly string[]]>([
    ['that is down', down, Array(2).fill('0 1286 the proxy cannot be reached') as string[]],
    ['that wants a password', () => refusing(407), Array(2).fill('0 1289 the proxy wants a password') as string[]],
    // What it says to a plain request may be said by the target.
    ['that refuses', () => refusing(403), ['403 1403', '0 1288 the proxy refused (HTTP 403)']],
    ['that reaches nobody', () => refusing(502), ['502 1502', '0 1210 dial: the proxy cannot reach the target']],
  ])('%s', async (_title, proxy, said) => {
    expect(await through(await proxy())).toEqual(said);
  });

  it('which a password in its variable puts right', async () => {
    // What it says to the plain request is not looked at here.
    const server = createServer((_request, response) => response.writeHead(407).end());
    server.on('connect', (request, socket) => {
      if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from('me:secret').toString('base64')}`)
        socket.end('HTTP/1.1 407 No\r\n\r\n');
      else socket.end('HTTP/1.1 504 No\r\n\r\n');
    });
    const url = await listen(server);
    expect((await through(url))[1]).toBe('0 1289 the proxy wants a password');
    expect((await through(url.replace('//', '//me:secret@')))[1]).toMatch(/^0 1210/);
  });
});

describe('The look before a run names the proxy, its variable and what to do', () => {
  it.each<readonly [string, () => Promise<string>, RegExp]>([
    ['down', down, /the proxy cannot be reached, through the proxy http:\S+ of HTTPS_PROXY\); start that proxy/],
    [
      'refusing',
      () => refusing(403),
      /the proxy refused \(HTTP 403\), through .* of HTTPS_PROXY\); allow the host there, or add it to NO_PROXY/,
    ],
    [
      'asking',
      () => refusing(407),
      /the proxy wants a password, through .* of HTTPS_PROXY\); put USER:PASSWORD@ into its variable/,
    ],
  ])('%s', async (_title, proxy, line) => {
    const env = {
      PF_BASE_URL: 'https://sso.example.test',
      ALLOW_HOSTS: 'sso.example.test',
      HTTPS_PROXY: await proxy(),
    };
    const { code, stderr } = await pairstorm(emptyFolder(), ['run', 'smoke'], env);
    expect(stderr).toMatch(line);
    expect(code).toBe(104);
  });
});
