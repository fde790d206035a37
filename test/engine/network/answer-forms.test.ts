import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runScript } from '../script-fixture.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
/** Answers of one connection, each followed by a plain one that must show nothing of it. */
const FORMS = [
  ['trailers', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-trailer: late\r\n\r\n'],
  ['an empty value', 'HTTP/1.1 200 OK\r\nx-empty:\r\ncontent-length: 2\r\n\r\nok'],
  ['an interim answer', `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`],
  ['two of them', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${OK}`],
  ['one that would close', `HTTP/1.1 100 Continue\r\nconnection: close\r\n\r\n${OK}`],
  ['one of HTTP/1.0', `HTTP/1.0 100 Continue\r\n\r\n${OK}`],
] as const;

test.each([1, 7, 100_000])(
  'forms of answers that HTTP allows, in pieces of %i bytes, on one connection',
  async (piece) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined).setNoDelay(true));
      socket.on('data', (request) => {
        const at = Number(/^GET \/(\d+)/.exec(request.toString('latin1'))?.[1] ?? -1);
        const answer = FORMS[at]?.[1] ?? OK;
        const write = (from: number): void => {
          socket.write(answer.slice(from, from + piece));
          if (from + piece < answer.length) setImmediate(() => write(from + piece));
        };
        write(0);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { said } = await runScript(
      `const http = require('k6/http');
     exports.default = async () => {
       for (let at = 0; at < Number(__ENV.FORMS); at++) for (const path of [at, 'plain']) {
         const { status, body, error, headers } = await http.asyncRequest('GET', __ENV.BASE + '/' + path);
         console.log(path, status, body, error, JSON.stringify(headers));
       }
     };`,
      { env: { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FORMS: String(FORMS.length) } },
    );
    const plain = '{"Content-Length":"2"}';
    const special = ['{"Transfer-Encoding":"chunked"}', '{"X-Empty":"","Content-Length":"2"}'];
    expect(said).toEqual(FORMS.flatMap((_, at) => [`${at} 200 ok  ${special[at] ?? plain}`, `plain 200 ok  ${plain}`]));
    expect(sockets.size).toBe(1);
  },
);
