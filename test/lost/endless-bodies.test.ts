import { OWN_ERROR_CODES } from '../../catalogue/failure-sides.ts';
import { failureOf } from '../../engine/http/failure.ts';
import { emptyFolder, scriptFile } from '../cli/command.ts';
import { LOST, startNode } from './node-command.ts';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';

const CHUNK = Buffer.alloc(256 * 1024, 'x');

/** A server that streams as fast as it is read: without end, or so many bytes. */
async function streaming(bytes = Infinity): Promise<string> {
  const server = createServer((_request, response: ServerResponse) => {
    let left = bytes;
    const more = (): void => {
      while (!response.destroyed && left > 0 && response.write(CHUNK.subarray(0, Math.min(left, CHUNK.length))))
        left -= CHUNK.length;
      if (left <= 0) response.end();
    };
    response.on('drain', () => {
      left -= CHUNK.length;
      more();
    });
    response.on('error', () => undefined);
    more();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const SCRIPT = `
  const http = require('k6/http');
  const { Counter } = require('k6/metrics');
  const code = new Counter('codes');
  exports.options = { vus: 30, iterations: 30, thresholds: { codes: ['count>=30'] } };
  exports.default = async () => {
    const params = { timeout: '20s', responseType: __ENV.TYPE };
    const { error_code, error, body } = await http.asyncRequest('GET', __ENV.BASE, null, params);
    code.add(1, { code: String(error_code) });
    console.log('ended', error_code, body === null ? 'none' : body.length, error);
  };`;

interface Played {
  readonly code: number | null;
  readonly stderr: string;
  /** Of each request: its error code, the length of its body, and the error's text. */
  readonly ends: readonly string[];
  /** Most resident memory, MiB. */
  readonly mostMiB: number;
}

async function play(base: string, type: string, ...flags: readonly string[]): Promise<Played> {
  const folder = emptyFolder();
  const script = scriptFile(folder, 'stream.js', SCRIPT);
  const args = ['run', script, '-e', `BASE=${base}`, '-e', `TYPE=${type}`, ...flags];
  const { child, ended } = startNode(folder, args, { killAfterMs: 55_000 });
  let mostMiB = 0;
  const looking = setInterval(() => {
    try {
      const [, kib] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid!}/status`, 'utf8'))!;
      mostMiB = Number(kib) / 1024;
    } catch {
      // It has ended, or this is not a Linux.
    }
  }, 50);
  const { code, stderr } = await ended;
  clearInterval(looking);
  const ends = [...stderr.matchAll(/^info: ended (.*)$/gm)].map(([, end]) => end!);
  if (process.env['LOST_FIGURES'] !== undefined) console.log(args.slice(2).join(' '), Math.round(mostMiB), 'MiB', code);
  return { code, stderr, ends, mostMiB };
}

test('a body for which there is no room is a failure of this machine', () => {
  const failure = failureOf(Object.assign(new Error('x'), { code: 'PAIRSTORM_BODIES' }));
  expect(failure).toEqual({ code: 1287, text: OWN_ERROR_CODES[1287] });
});

describe('Answers that come in are held within one bound for all users:', () => {
  test('a target that streams to 30 users without end fills no memory, and the run is invalid', async () => {
    const { code, stderr, ends, mostMiB } = await play(await streaming(), 'text', '--max-body-memory', '64');
    expect(ends, stderr).toHaveLength(30);
    // The last may get to 64 MiB by themselves.
    expect(ends.filter((end) => end.startsWith('1287 none bodies in flight')).length).toBeGreaterThan(20);
    for (const end of ends) expect(end).toMatch(/^1287 none|^1000 none the response body is larger than 64 MiB/);
    expect(stderr).toMatch(/^invalid: .*requests failed.*bodies in flight exceed/m);
    expect(code, stderr).toBe(120);
    expect(mostMiB).toBeLessThan(500);
  });

  test.runIf(LOST)('by default 256 MiB, shared by the worker threads', async () => {
    const { ends, mostMiB, code } = await play(await streaming(), 'binary', '--workers', '3');
    expect(ends).toHaveLength(30);
    expect(code).toBe(120);
    expect(mostMiB).toBeLessThan(800);
  });

  test.runIf(LOST)('what a script throws away is never held, and answers that fit are whole', async () => {
    const thrown = await play(await streaming(60 * 2 ** 20), 'none', '--max-body-memory', '1');
    expect(thrown.ends).toEqual(Array.from({ length: 30 }, () => '0 none'));
    expect(thrown.code).toBe(0);
    const whole = await play(await streaming(2 * 2 ** 20), 'text', '--workers', '3');
    expect(whole.ends).toEqual(Array.from({ length: 30 }, () => `0 ${2 * 2 ** 20}`));
    expect(whole.code).toBe(0);
  });
});
