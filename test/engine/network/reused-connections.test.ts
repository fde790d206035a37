import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NumberedInterval } from '../../../contract/series-counts.ts';
import { countsOf, runScript, value } from '../script-fixture.ts';
import type { ScriptRun } from '../script-fixture.ts';

/** One request as a server saw it. */
interface SeenRequest {
  readonly socket: Socket;
  /** The number of the request on its connection, from 1. */
  readonly turn: number;
  readonly method: string;
  readonly path: string;
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** A server that is told each request, whole, and writes what it likes. */
async function rawServer(serve: (request: SeenRequest) => void): Promise<{ base: string; seen: string[] }> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    let turn = 0;
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const head = /^(\w+) (\S+) [^]*?\r\n\r\n/.exec(text);
      if (head === null) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head[0])?.[1] ?? 0);
      if (text.length < head[0].length + length) return;
      text = text.slice(head[0].length + length);
      const [, method = '', path = ''] = head;
      seen.push(`${method} ${path}`);
      serve({ socket, turn: ++turn, method, path });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** Sends requests one after the other: status, error code, whether it was sent twice; and how many connections were replaced. */
async function requests(
  base: string,
  list: readonly (readonly [method: string, params?: object])[],
  more: Parameters<typeof runScript>[1] = {},
): Promise<ScriptRun & { readonly replaced: number | undefined }> {
  const intervals: NumberedInterval[] = [];
  const result = await runScript(
    `const http = require('k6/http');
     exports.default = async () => {
       for (const [at, [method, params]] of JSON.parse(__ENV.LIST).entries()) {
         const body = method === 'POST' ? 'body' : null;
         const res = await http.asyncRequest(method, __ENV.BASE + '/' + at, body, { timeout: '20s', ...params });
         console.log(res.status, res.error_code, res.resent === true, res.body, res.timings.duration < 5000);
       }
     };`,
    {
      env: { BASE: base, LIST: JSON.stringify(list) },
      onInterval: (interval) => void intervals.push(interval),
      ...more,
    },
  );
  return { ...result, replaced: countsOf(intervals, 'connections_replaced')[''] };
}

/** Answers the first request of a connection, and ends the connection in one way at the next. */
const closing =
  (end: (socket: Socket) => void) =>
  ({ socket, turn }: SeenRequest): void => {
    if (turn === 1) socket.write(OK);
    else end(socket);
  };

const ENDS: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['closes', (socket) => socket.end()],
  ['resets', (socket) => socket.resetAndDestroy()],
  [
    'says 408 to',
    (socket) => socket.end('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
  ],
];

describe.each(ENDS)('A server that %s a connection while it is idle', (_title, end) => {
  it('gets what is safe to repeat again, on a new connection, and counts as one request', async () => {
    const { base, seen } = await rawServer(closing(end));
    const result = await requests(base, [['GET'], ['GET'], ['GET']]);
    expect(result.said).toEqual(['200 0 false ok true', '200 0 true ok true', '200 0 true ok true']);
    expect(seen).toEqual(['GET /0', 'GET /1', 'GET /1', 'GET /2', 'GET /2']);
    expect(result.replaced).toBe(2);
    expect(value(result, 'http_reqs', 'count')).toBe(3);
  });

  it('gets anything else again only if its request says so; or else that is a failure with a code of its own', async () => {
    const { base, seen } = await rawServer(closing(end));
    const [yes, no] = [{ resendOnReused: true }, { resendOnReused: false }];
    const result = await requests(base, [['POST'], ['POST', yes], ['POST'], ['POST'], ['GET', no]]);
    expect(result.said).toEqual([
      '200 0 false ok true',
      '200 0 true ok true',
      '0 1221 false null true',
      '200 0 false ok true',
      '0 1221 false null true',
    ]);
    expect(seen).toEqual(['POST /0', 'POST /1', 'POST /1', 'POST /2', 'POST /3', 'GET /4']);
    expect(result.replaced).toBe(1);
  });
});

it('Connections that all virtual users share are replaced, too', async () => {
  const { base } = await rawServer(closing((socket) => socket.resetAndDestroy()));
  const result = await requests(base, [['GET'], ['GET'], ['POST']], { sharedConnections: 1 });
  expect(result.said).toEqual(['200 0 false ok true', '200 0 true ok true', '0 1221 false null true']);
  expect(result.replaced).toBe(1);
});

describe('A request is not sent again', () => {
  const both = { resendOnReused: true };

  it('a second time: if the new connection fails too, that is its failure', async () => {
    const { base, seen } = await rawServer(({ socket, path }) => {
      if (path === '/0') socket.write(OK);
      else socket.resetAndDestroy();
    });
    const result = await requests(base, [['POST'], ['POST', both]]);
    expect(result.said).toEqual(['200 0 false ok true', '0 1220 true null true']);
    expect(seen).toEqual(['POST /0', 'POST /1', 'POST /1']);
  });

  it('where its connection was new', async () => {
    const { base, seen } = await rawServer(({ socket }) => socket.end());
    const result = await requests(base, [
      ['GET', both],
      ['POST', both],
    ]);
    expect(result.said).toEqual(Array(2).fill('0 1000 false null true'));
    expect(seen).toEqual(['GET /0', 'POST /1']);
  });

  it('where a byte of the answer had come, even one', async () => {
    const { base, seen } = await rawServer(closing((socket) => socket.end('H')));
    const result = await requests(base, [['GET'], ['GET', both]]);
    expect(result.said[1]).toMatch(/^0 1000 false/);
    expect(seen).toEqual(['GET /0', 'GET /1']);
  });

  it('where it took too long, or its iteration was over', async () => {
    const { base, seen } = await rawServer(({ socket, turn }) => {
      if (turn === 1) socket.write(OK);
    });
    const result = await requests(base, [['GET'], ['GET', { ...both, timeout: '300ms' }]]);
    expect(result.said[1]).toMatch(/^0 1050 false/);
    expect(seen).toEqual(['GET /0', 'GET /1']);
  });
});
