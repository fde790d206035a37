import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runScript } from '../script-fixture.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A server that writes the parts of an answer, each by itself; gives its base URL and how many connections were made to it. */
async function answering(parts: readonly string[], end = false): Promise<{ base: string; connections: () => number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true).on('error', () => undefined));
    const answer = async (): Promise<void> => {
      for (const part of parts) {
        socket.write(part);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      if (end) socket.end();
    };
    socket.on('data', () => void answer());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, connections: () => sockets.size };
}

/** Three requests one after the other; what the last came to, by the names of its headers. */
async function three(base: string, method = 'GET'): Promise<readonly string[]> {
  const { said } = await runScript(
    `const http = require('k6/http');
     exports.default = async () => {
       for (let n = 0; n < 3; n++) {
         const { status, error_code, error, body, headers } = await http.asyncRequest('${method}', __ENV.BASE, null, { timeout: '10s' });
         console.log(status, error_code, error, body, JSON.stringify(headers));
       }
     };`,
    { env: { BASE: base } },
  );
  expect(new Set(said).size).toBe(1);
  return said[0]!.split(' ');
}

const bytesOf = (text: string): string[] => Array.from({ length: text.length }, (_, at) => text.charAt(at));
const INTERIM = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n';

describe('An answer is taken as HTTP allows it, and its connection is kept:', () => {
  it.each<readonly [string, readonly string[]]>([
    ['in one piece with the answer', [INTERIM + OK]],
    ['by itself', [INTERIM, OK]],
    ['twice, with hints between them', [INTERIM, HINTS, INTERIM + OK]],
    ['byte by byte', bytesOf(INTERIM + OK)],
    ['cut in the middle of the answer’s status', [`${INTERIM}HTTP/1.`, '1 200 OK\r\nContent-Length: 2\r\n\r\nok']],
  ])('a 100 Continue that nobody asked for, %s', async (_title, parts) => {
    const { base, connections } = await answering(parts);
    expect(await three(base)).toEqual(['200', '0', '', 'ok', '{"Content-Length":"2"}']);
    expect(connections()).toBe(1);
  });

  it.each<readonly [string, string, string]>([
    [
      'a 304 with the length of what it does not send',
      'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n',
      '{"Content-Length":"5"}',
    ],
    [
      'a 304 that would have been chunked',
      'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\nEtag: "x"\r\n\r\n',
      '{"Transfer-Encoding":"chunked","Etag":"\\"x\\""}',
    ],
    [
      'a 204 with a length',
      'HTTP/1.1 204 No Content\r\nX-A: b\r\nContent-Length: 12\r\n\r\n',
      '{"X-A":"b","Content-Length":"12"}',
    ],
  ])('%s', async (_title, answer, headers) => {
    for (const parts of [[answer], bytesOf(answer)]) {
      const { base, connections } = await answering(parts);
      expect(await three(base)).toEqual([answer.slice(9, 12), '0', '', '', headers]);
      expect(connections()).toBe(1);
    }
  });
});

describe('A body that is cut has one name', () => {
  const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n';
  const long = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n';
  it.each([
    ['in a chunk', `${chunked}\r\n10\r\nhalf`],
    ['in a chunk of a last answer', `${chunked}connection: close\r\n\r\n10\r\nhalf`],
    ['between chunks of a last answer', `${chunked}connection: close\r\n\r\n4\r\nhalf\r\n`],
    ['in a body with a length', `${long}\r\nhalf`],
    ['in the last body with a length', `${long}connection: close\r\n\r\nhalf`],
  ])('%s', async (_title, answer) => {
    const { base } = await answering([answer], true);
    expect((await three(base)).join(' ')).toBe('0 1000 connection closed before the response was complete null {}');
  });

  it('which is none of an answer that is wrong', async () => {
    const { base } = await answering([`${chunked}connection: close\r\n\r\nzz\r\nhalf`], true);
    expect((await three(base)).join(' ')).toBe('0 1000 the response is not valid HTTP null {}');
  });
});

describe('A server that is tired of an idle connection', () => {
  it('may say 408 before it closes it: nobody takes that for an answer', async () => {
    let answers = 0;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.on('data', () => {
        answers++;
        socket.write(OK);
        setTimeout(
          () => socket.end('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
          50,
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    // Sooner or later, and in the moment itself.
    const { said } = await runScript(
      `const http = require('k6/http');
       exports.default = async () => {
         for (const pause of [100, 50, 49, 51, 48, 52, 0, 50, 50, 50]) {
           const { status, error_code } = await http.asyncRequest('POST', __ENV.BASE, 'x', { timeout: '10s', resendOnReused: true });
           console.log(status, error_code);
           await new Promise((resolve) => setTimeout(resolve, pause));
         }
       };`,
      { env: { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` } },
    );
    expect(said).toEqual(Array(10).fill('200 0'));
    expect(answers).toBeGreaterThanOrEqual(10);
  });
});
