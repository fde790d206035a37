import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { runScript } from '../script-fixture.ts';
import { issue } from './certificates.ts';

const REFUSAL = 'HTTP/1.1 413 Content Too Large\r\n';
/** Answers to a request of which the server reads only the beginning, and what a script sees of them. */
const ANSWERS = [
  ['without a body', `${REFUSAL}connection: close\r\n\r\n`, '413 '],
  ['that ends with its connection', `${REFUSAL}connection: close\r\n\r\ntoo large`, '413 too large'],
  ['with a length', `${REFUSAL}connection: close\r\ncontent-length: 9\r\n\r\ntoo large`, '413 too large'],
  ['cut within its length', `${REFUSAL}connection: close\r\ncontent-length: 99\r\n\r\ntoo large`, '0 null'],
  ['of success, cut where nobody knows', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{"a":', '0 null'],
] as const;

/** A server that answers as soon as a request begins, and calls `then` with the connection, which it reads no more. */
async function serve(answer: string, then: (socket: Socket) => void, tls: boolean) {
  const sockets = new Set<Socket>();
  const begin = (socket: Socket): void => {
    sockets.add(socket.on('error', () => undefined).setNoDelay(true));
    socket.once('data', () => {
      socket.pause();
      socket.write(answer, () => then(socket));
    });
  };
  const server = tls ? createTlsServer(await issue('127.0.0.1'), begin) : createTcpServer(begin);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { base: `http${tls ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

/** Sends large requests one after the other, and says what comes. */
async function send(base: string, { requests, bytes }: { requests: number; bytes: number }) {
  const { said } = await runScript(
    `const http = require('k6/http');
     exports.options = { insecureSkipTLSVerify: true };
     const large = 'a'.repeat(${bytes});
     exports.default = async () => {
       for (let at = 0; at < ${requests}; at++) {
         const { status, body } = await http.asyncRequest('POST', __ENV.BASE, large);
         console.log(status, body);
       }
     };`,
    { env: { BASE: base } },
  );
  return said;
}

test.each([false, true].flatMap((tls) => ANSWERS.map((answer) => [tls ? 'TLS' : 'TCP', ...answer] as const)))(
  'a server that does not read the whole request resets the %s connection after an answer %s',
  async (kind, _, answer, seen) => {
    // So late that the answer has been read by then; with bytes unread, closing is resetting.
    const { base } = await serve(answer, (socket) => setTimeout(() => socket.destroy(), 20), kind === 'TLS');
    expect(await send(base, { requests: 5, bytes: 300_000 })).toEqual(Array.from({ length: 5 }, () => seen));
  },
);

test.each(['TCP', 'TLS'])(
  'a %s connection whose request is answered while it is still being sent takes no other request',
  async (kind) => {
    const { base, sockets } = await serve(
      'HTTP/1.1 413 Content Too Large\r\ncontent-length: 9\r\n\r\ntoo large',
      () => undefined,
      kind === 'TLS',
    );
    expect(await send(base, { requests: 3, bytes: 20_000_000 })).toEqual(
      Array.from({ length: 3 }, () => '413 too large'),
    );
    expect(sockets.size).toBe(3);
  },
);
