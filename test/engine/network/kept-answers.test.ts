import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runScript } from '../script-fixture.ts';

/** Around what sockets and Node take at once: 4 KiB, 8, 16, 64 and more. */
const SIZES = [0, 1, 100, 4_000, 4_096, 8_192, 16_000, 16_384, 20_000, 65_536, 200_000];
const HEAD = /^(?=[^]*x-id: (\d+))(?=[^]*content-length: (\d+))[^]*/i;

/** A server that sends back body and name of a request, in two pieces, the first of which ends anywhere, also within the head. */
async function echo(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    let seen = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      seen = Buffer.concat([seen, bytes]);
      const [head, id, length] = /^[^]*?\r\n\r\n/.exec(seen.toString('latin1'))?.[0].match(HEAD) ?? [];
      if (head === undefined || seen.length < head.length + Number(length)) return;
      const body = seen.subarray(head.length);
      seen = Buffer.alloc(0);
      const lines = ['HTTP/1.1 200 OK', `x-id: ${id}`, `set-cookie: c=${id}`, `content-length: ${length}`, '', ''];
      const answer = Buffer.concat([Buffer.from(lines.join('\r\n')), body]);
      const cut = (Number(id) * 37) % answer.length;
      socket.write(answer.subarray(0, cut));
      setTimeout(() => socket.write(answer.subarray(cut)), Number(id) % 3);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('answers that a script keeps and reads later are whole, whatever came on its other connections meanwhile', async () => {
  const result = await runScript(
    `const http = require('k6/http');
     exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 5, iterations: 1 } } };
     exports.default = async () => {
       const sizes = JSON.parse(__ENV.SIZES);
       const post = (id, body) => http.asyncRequest('POST', __ENV.BASE, body, { headers: { 'X-Id': id } });
       const sent = sizes.flatMap((size, at) => [0, 1, 2, 3].map((n) => ({
         id: String((at * 4 + n) * 10 + __VU), body: 'abcd'[n].repeat(size + n % 2) })));
       const kept = await Promise.all(sent.map(({ id, body }) => post(id, body)));
       await post('1', 'z'.repeat(1000));
       const wrong = kept.filter((res, at) => res.error !== '' || res.body !== sent[at].body
         || res.headers['X-Id'] !== sent[at].id || res.cookies.c[0].value !== sent[at].id);
       console.log(kept.length, wrong.length);
     };`,
    { env: { BASE: await echo(), SIZES: JSON.stringify(SIZES) } },
  );
  expect(result.said).toEqual(Array.from({ length: 5 }, () => '44 0'));
});
