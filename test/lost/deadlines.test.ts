import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { emptyFolder, scriptFile } from '../cli/command.ts';
import { LOST, collector, ownScript, startNode } from './node-command.ts';

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function receiver(answer: RequestListener): Promise<string> {
  const server = createHttpServer((request, response) => {
    request.resume();
    request.on('end', () => answer(request, response));
  });
  onTestFinished(() => server.closeAllConnections());
  return `http://127.0.0.1:${await portOf(server)}/api/v1/write`;
}

/** A run that sends to such a receiver, while its garbage is collected three times a second. */
async function runInto(url: string): Promise<string> {
  const folder = emptyFolder();
  const { ended } = startNode(folder, ['run', ownScript(folder), '--out', `prometheus-rw=${url}`], {
    node: collector(folder),
    env: { K6_PROMETHEUS_RW_PUSH_INTERVAL: '500ms' },
  });
  const { code, signal, stderr } = await ended;
  expect({ code, signal }, stderr).toEqual({ code: 0, signal: null });
  return stderr;
}

describe('A time-out is a timer: it fires however often garbage is collected, and the run ends', () => {
  test('with a receiver of remote write that answers 429 and "come back in an hour"', async () => {
    const url = await receiver((_request, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    expect(await runInto(url)).toMatch(
      /^warning: --out prometheus-rw=\S+: (\d+) of \1 samples were not delivered: HTTP 429$/m,
    );
  });

  test.runIf(LOST)('with a receiver that takes a request and never answers', async () => {
    const url = await receiver(() => undefined);
    expect(await runInto(url)).toMatch(
      /^warning: --out prometheus-rw=\S+: (\d+) of \1 samples were not delivered: the receiver did not accept them in time$/m,
    );
  });

  test.runIf(LOST)('with a client that asks for metrics and does not read them', async () => {
    const folder = emptyFolder();
    const probe = createServer();
    const port = await portOf(probe);
    await new Promise((done) => probe.close(done));
    const flags = ['--out', `prometheus=${port}`, '--prometheus-linger', '3s'];
    const { ended } = startNode(folder, ['run', ownScript(folder), ...flags], { node: collector(folder) });
    const client = await (async () => {
      for (;;) {
        const socket = connect(port, '127.0.0.1');
        const open = await new Promise<boolean>((done) => {
          socket.once('connect', () => done(true)).once('error', () => done(false));
        });
        if (open) return socket;
        await sleep(50);
      }
    })();
    client.on('error', () => undefined).pause();
    onTestFinished(() => void client.destroy());
    // A request that does not end, and its answer is not read.
    client.write('GET /metrics HTTP/1.1\r\nhost: x\r\n');
    const { code, signal, stderr } = await ended;
    expect({ code, signal }, stderr).toEqual({ code: 0, signal: null });
    expect(stderr).toMatch(/^warning: \S+ was not scraped after the end/m);
  });

  test.runIf(LOST)('with a simulator of its own that does not obey at the end', async () => {
    const folder = emptyFolder();
    const deaf = scriptFile(
      folder,
      'deaf.cjs',
      `if (process.send) {
         const { once, on } = process;
         const deaf = (listen) => (name, ...rest) => name === 'SIGTERM' || name === 'disconnect'
           ? on.call(process, name, () => undefined) : listen.call(process, name, ...rest);
         process.once = deaf(once);
         setInterval(() => undefined, 1000);
       }`,
    );
    const { ended } = startNode(folder, ['run', ownScript(folder), '--simulator'], {
      node: collector(folder),
      env: { NODE_OPTIONS: `--require=${deaf}` },
    });
    const { code, signal, stderr } = await ended;
    expect({ code, signal }, stderr).toEqual({ code: 0, signal: null });
  });

  test.runIf(LOST)(
    'doctor, with a server that takes connections and never answers',
    async () => {
      const server = createServer((socket) => socket.on('error', () => undefined).resume());
      const url = `http://127.0.0.1:${await portOf(server)}`;
      const folder = emptyFolder();
      const { ended } = startNode(folder, ['doctor', '-e', `PF_BASE_URL=${url}`], {
        node: collector(folder),
        killAfterMs: 110_000,
      });
      const { code, signal, stdout, stderr } = await ended;
      expect({ code, signal }, stdout + stderr).toEqual({ code: 99, signal: null });
      expect(stdout).toMatch(/request timeout/);
    },
    120_000,
  );
});
