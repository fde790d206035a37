import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import type { NumberedInterval } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { failureOf } from '../../engine/http/failure.ts';
import { openRecord } from '../../record/read-record.ts';
import { emptyFolder, scriptFile } from '../cli/command.ts';
import { runInWorkers } from './compiled-engine.ts';
import { countsOf, runScript, serve } from './script-fixture.ts';

test('what this machine lacks has a code of its own, and no other failure has one', () => {
  const codeOf = (code: string): number => failureOf(Object.assign(new Error('x'), { code })).code;
  expect(['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'].map(codeOf)).toEqual([
    1281, 1282, 1283, 1284, 1285,
  ]);
  for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'ECONNRESET', 'EPIPE', 'ENONE'])
    expect(isOwnError(codeOf(code)), code).toBe(false);
  const many = (...codes: string[]): unknown => ({ errors: codes.map((code) => ({ code })) });
  // A name with an address of a family that this machine has not, and one that refuses.
  expect(failureOf(many('EADDRNOTAVAIL', 'ECONNREFUSED')).code).toBe(1212);
  expect(failureOf(many('EMFILE', 'EMFILE'))).toEqual({ code: 1282, text: OWN_ERROR_CODES[1282] });
});

const THROUGH_PROXY = `
  const http = require('k6/http');
  exports.options = { systemTags: ['status'], scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 1 } } };
  exports.default = async () => {
    for (const url of ['http://a.test/', 'https://b.test/', __ENV.GONE]) {
      const { status, error_code, error } = await http.asyncRequest('GET', url, null, { timeout: '20s' });
      console.log(status, error_code, error);
    }
  };`;
const NO_PROXY = { http: 'http://127.0.0.1:1', https: 'http://127.0.0.1:1', no: '' };

test.each([0, 2])('a proxy that is not there is no failure of the target (%i worker threads)', async (workers) => {
  const intervals: NumberedInterval[] = [];
  const options = {
    proxies: NO_PROXY,
    env: { GONE: 'http://127.0.0.1:1/' },
    onInterval: (interval: NumberedInterval) => void intervals.push(interval),
    workers,
  };
  const result = await (workers === 0 ? runScript(THROUGH_PROXY, options) : runInWorkers(THROUGH_PROXY, options));
  const proxy = '0 1286 the proxy cannot be reached';
  const gone = '0 1212 dial: connection refused';
  expect([...result.said].sort()).toEqual([gone, gone, proxy, proxy, proxy, proxy].sort());
  // Counted whichever system tags the script wants, and never among its own metrics.
  expect(countsOf(intervals, 'generator_failed_requests')).toEqual({ 'the proxy cannot be reached': 4 });
  expect(result.summary.metrics['generator_failed_requests']).toBeUndefined();
});

test('a target that its proxy does not reach is not a fault of this machine', async () => {
  const server = createServer();
  server.on('connect', (_request, socket) => socket.end('HTTP/1.1 504 Gateway Timeout\r\n\r\n'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { said } = await runScript(
    `const http = require('k6/http');
    exports.default = async () => console.log((await http.asyncRequest('GET', 'https://b.test/')).error_code);`,
    { proxies: { http: url, https: url, no: '' } },
  );
  expect(said).toEqual(['1210']);
});

test.skipIf(process.platform === 'win32')(
  'a process without a descriptor left plays its run to the end, with a summary and a record',
  async () => {
    const base = await serve((_request, response) => void setTimeout(() => response.end(), 300));
    const folder = emptyFolder();
    const script = scriptFile(
      folder,
      'many.js',
      `const http = require('k6/http');
       exports.options = { vus: 120, duration: '3s' };
       exports.default = () => http.asyncRequest('GET', __ENV.BASE);`,
    );
    const command = [resolve('build/cli/pairstorm.js'), 'run', script, '-e', `BASE=${base}`, '--workers', '1'];
    const child = spawn('sh', ['-c', 'ulimit -n 100 && exec "$0" "$@"', process.execPath, ...command], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise((done) => child.once('close', done));
    expect(said).toContain('TOTAL RESULTS');
    expect(said).toMatch(/^warning: descriptors {2}about 256 needed, limit 100: raise "ulimit -n"/m);
    expect(said).toMatch(/^report → /m);
    expect(code, said).not.toBe(1);
    const { intervals } = openRecord(join(folder, 'results', readdirSync(join(folder, 'results'))[0]!));
    const totals = new SeriesTotals();
    for await (const interval of intervals()) totals.add(interval);
    expect(totals.select('generator_failed_requests')!.samples).toBeGreaterThan(0);
  },
  60_000,
);
