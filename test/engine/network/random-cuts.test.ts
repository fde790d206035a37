import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { generate } from 'selfsigned';
import { createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { NumberedInterval } from '../../../contract/series-counts.ts';
import { countsOf, runScript, value } from '../script-fixture.ts';

/** `npm run check:network` plays all of them. */
const CUTS = Number(process.env['RANDOM_CUTS'] ?? 300);

/** What a request came to at a server that cuts answers off anywhere. */
interface Cut {
  times: number;
  /** Bytes of an answer that had gone out when the connection was closed; undefined: the whole answer. */
  bytes: number | undefined;
}

/** A server that ends half of its answers after a random number of bytes, none of them included. */
async function cutter(
  tls: { key: string; cert: string } | undefined,
): Promise<{ base: string; cuts: Map<string, Cut> }> {
  const cuts = new Map<string, Cut>();
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (request) => {
      const path = /^\w+ (\S+)/.exec(request.toString('latin1'))![1]!;
      const id = /\d+/.exec(path)![0];
      const body = 'x'.repeat(Number(id) % 50);
      const interim = Number(id) % 5 === 0 ? 'HTTP/1.1 100 Continue\r\n\r\n' : '';
      const answer = `${interim}HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      const bytes = Math.random() < 0.5 ? undefined : Math.floor(Math.random() ** 3 * answer.length);
      const seen = cuts.get(id) ?? { times: 0, bytes: 0 };
      cuts.set(id, { times: seen.times + 1, bytes: seen.times === 0 ? bytes : seen.bytes });
      // Whole, and then the end: what had gone out has come.
      if (bytes === undefined) socket.write(answer);
      else socket.end(answer.slice(0, bytes));
    });
  };
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { base: `http${tls === undefined ? '' : 's'}://127.0.0.1:${port}`, cuts };
}

test.each(process.env['RANDOM_CUTS'] === undefined ? [false] : [false, true])(
  'a request of whose answer a byte had come is never sent twice (TLS: %s)',
  async (secure) => {
    const made = secure ? await generate([{ name: 'commonName', value: 'x' }], { algorithm: 'sha256' }) : undefined;
    const { base, cuts } = await cutter(made && { key: made.private, cert: made.cert });
    const intervals: NumberedInterval[] = [];
    const result = await runScript(
      `const http = require('k6/http'); const exec = require('k6/execution');
       exports.options = { insecureSkipTLSVerify: true, scenarios: { s: {
         executor: 'shared-iterations', vus: 10, iterations: Number(__ENV.CUTS), maxDuration: '20m' } } };
       exports.default = async () => {
         const id = exec.scenario.iterationInTest;
         await http.asyncRequest('POST', __ENV.BASE + '/' + id, 'body', { timeout: '60s', resendOnReused: true });
       };`,
      { env: { BASE: base, CUTS: String(CUTS) }, onInterval: (interval) => void intervals.push(interval) },
    );
    expect(value(result, 'http_reqs', 'count')).toBe(CUTS);
    expect(cuts.size).toBe(CUTS);
    let twice = 0;
    for (const [id, { times, bytes }] of cuts) {
      if (times === 1) continue;
      twice++;
      expect([id, times, bytes]).toEqual([id, 2, 0]);
    }
    const cut = [...cuts.values()].filter(({ bytes }) => bytes !== undefined);
    console.log(
      `TLS ${secure}: ${CUTS} requests, ${cut.length} answers cut, ${twice} before their first byte on a reused connection, sent again once`,
    );
    expect(twice).toBeGreaterThan(CUTS / 100);
    expect(countsOf(intervals, 'connections_replaced')['']).toBe(twice);
  },
  20 * 60_000,
);
