import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runScript } from '../script-fixture.ts';

test('of the headers of a connection a script may ask for its close; what would change the framing is refused or ours', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const { host, connection, 'content-length': length } = request.headers;
    request.resume().on('end', () => {
      seen.push([request.url, request.socket.remotePort, host, connection, length].join(' '));
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const { said } = await runScript(
    `const http = require('k6/http');
     const HEADERS = [{}, { Connection: 'keep-alive' }, { connection: 'close' }, { Host: 'idp.example' }, { 'Content-Length': '3' },
       { 'Transfer-Encoding': 'chunked' }, { Upgrade: 'h2c' }, { Connection: 'upgrade' }, { Expect: '100-continue' }, { 'a b': 'c' }, { a: 'b\\r\\nc: d' }];
     exports.default = async () => {
       for (const [at, headers] of HEADERS.entries()) {
         const res = await http.asyncRequest('POST', __ENV.BASE + '/' + at, 'hello', { headers });
         console.log(res.status, res.error);
       }
     };`,
    { env: { BASE: `http://127.0.0.1:${port}` } },
  );
  expect(said).toEqual([
    ...Array.from({ length: 5 }, () => '200 '),
    ...Array.from({ length: 6 }, () => '0 the request is not valid HTTP'),
  ]);
  const [first = '', , third = '', fourth = ''] = seen.map((line) => line.split(' ')[1]);
  const host = `127.0.0.1:${port}`;
  expect(seen).toEqual([
    `/0 ${first} ${host} keep-alive 5`,
    `/1 ${first} ${host} keep-alive 5`,
    `/2 ${third} ${host} close 5`,
    `/3 ${fourth} idp.example keep-alive 5`,
    `/4 ${fourth} ${host} keep-alive 5`,
  ]);
  expect(third).toBe(first);
  expect(fourth).not.toBe(first);
});
