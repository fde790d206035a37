import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, pairstorm, scriptFile, start } from '../command.ts';
import { follower, liveUrl, textOf } from './follower.ts';

const PLANTED = 'planted-5f1c';
const SCRIPT = `
import http from 'k6/http';
export const options = {
  scenarios: { steady: { executor: 'constant-arrival-rate', rate: 20, duration: '4s', preAllocatedVUs: 10, tags: { phase: 'steady' } } },
  thresholds: { http_req_duration: ['p(95)<5000'], iterations: ['count>70'], http_req_failed: ['rate==0'] },
};
export default async () => {
  await http.asyncRequest('GET', __ENV.PF_BASE_URL + '/pf/heartbeat.ping', null, { headers: { Authorization: __ENV.MY_KEY } });
  await http.asyncRequest('GET', __ENV.PF_BASE_URL + '/nothing?key=' + __ENV.MY_KEY, null, { tags: { name: 'nothing' } });
};`;

it('run --live takes no name for its port, shows the run while it goes, and becomes its report', async () => {
  const folder = emptyFolder();
  const script = scriptFile(folder, 'own.js', SCRIPT);
  const run = start(folder, ['run', '--live', script, '--simulator', '--allow-invalid'], { MY_KEY: PLANTED });
  const url = await liveUrl(run);
  const shell = await (await fetch(url)).text();
  expect(shell).toContain('<title>Live: own</title>');
  expect(shell).not.toContain('Stop gracefully');
  const early = follower(url);
  await early.until((parts) => textOf(parts.get('now') ?? '').includes('Iterations ended a second'));
  // As a browser that was closed and is opened again.
  early.leave();
  const page = follower(url);
  await page.until((parts) => /http_req_failed is \S+ %/.test(textOf(parts.get('head') ?? '')));
  expect(textOf(page.parts.get('head')!)).toMatch(/FAILING SO FAR .*1 of \d thresholds would fail now/);
  await page.until((parts) => parts.has('s-latency') && parts.has('s-thresholds') && parts.has('s-throughput'));
  const { code, stderr } = await run.ended;
  await page.closed;
  expect(code, stderr).toBe(99);
  expect(page.end()!.title).toMatch(/^FAIL: own, /);
  expect(textOf(page.end()!.body)).toMatch(
    /^The run has ended: this is its report, which is kept as \S+\/report\.html/,
  );
  const [name] = readdirSync(join(folder, 'results'));
  const report = readFileSync(join(folder, 'results', name!, 'report.html'), 'utf8');
  expect(report).toContain(page.end()!.body.slice(-2_000).trim().slice(0, 1_000));
  expect(early.raw() + page.raw() + shell).not.toContain(PLANTED);
});

it('the page may stop a run only with --live-control', async () => {
  const folder = emptyFolder();
  const script = scriptFile(folder, 'own.js', SCRIPT.replace("duration: '4s'", "duration: '10m'"));
  const run = start(folder, ['run', script, '--simulator', '--live', '--live-control', '--allow-invalid', '--quiet']);
  const url = await liveUrl(run);
  const control = /data-control="([\w-]+)"/.exec(await (await fetch(url)).text())![1]!;
  const page = follower(url);
  await page.until((parts) => textOf(parts.get('head') ?? '').includes('RUNNING') || parts.has('s-latency'));
  const stopped = await fetch(new URL('/stop', url), { method: 'POST', headers: { 'x-pairstorm-control': control } });
  expect(stopped.status).toBe(204);
  const { code, stderr } = await run.ended;
  expect(stderr).toContain('stopped by the live page: finishing flows …\n');
  expect(code).toBe(105);
});

it('a port that cannot be had is refused before anything starts', async () => {
  const folder = emptyFolder();
  const script = scriptFile(folder, 'own.js', SCRIPT);
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const { code, stderr } = await pairstorm(folder, ['run', script, `--live=${port}`]);
  taken.close();
  expect(stderr).toBe(`error: --live: port ${port} on 127.0.0.1 is in use; write another, or --live for a free one\n`);
  expect(code).toBe(104);
});
