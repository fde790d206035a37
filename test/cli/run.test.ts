import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, pairstorm, scriptFile, start, startByNpx } from './command.ts';
import { failure } from './failed-flow.ts';
import type { Ended } from './command.ts';

let server: Server;
let target: string;

beforeAll(async () => {
  server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Neither whether this machine keeps up is what these tests are about, nor in which thread the script runs. */
const ANY_MACHINE = ['--allow-invalid', '--workers', '0'];

/** Runs a script in a folder of its own. */
async function runScript(source: string, ...flags: string[]): Promise<Ended & { folder: string }> {
  const folder = emptyFolder();
  const script = scriptFile(folder, 'script.js', source);
  const ended = await pairstorm(folder, ['run', script, ...ANY_MACHINE, ...flags], { TARGET: target });
  return { ...ended, folder };
}

/** The results of the only run in a folder. */
function resultsOf(folder: string): string {
  const runs = readdirSync(join(folder, 'results'));
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-script$/);
  return join(folder, 'results', runs[0]!);
}

const TWO_REQUESTS = `
  const http = require('k6/http');
  exports.options = { iterations: 2, thresholds: { http_reqs: ['count==2'] } };
  exports.default = async () => { await http.asyncRequest('GET', __ENV.TARGET); };
  exports.handleSummary = (data) => ({ stdout: 'requests: ' + data.metrics.http_reqs.values.count });
`;

describe('pairstorm run FILE', () => {
  it('prints what the script says at the end, ends with 0, and keeps the results', async () => {
    const { code, stdout, stderr, folder } = await runScript(TWO_REQUESTS);
    expect(stdout).toBe('requests: 2\n');
    expect(stderr).toMatch(/^script .*script\nload /);
    expect(code).toBe(0);
    const results = resultsOf(folder);
    expect(readdirSync(results).sort()).toEqual([
      'report.html',
      'result.json',
      'run.json',
      'series.jsonl',
      'summary.json',
    ]);
    const summary = JSON.parse(readFileSync(join(results, 'summary.json'), 'utf8')) as unknown;
    expect(summary).toMatchObject({ metrics: { http_reqs: { values: { count: 2 } } } });
    expect(stderr).toContain('results → results/');
  });

  it('prints exactly one JSON object with --json, the same that it keeps', async () => {
    const { code, stdout, folder } = await runScript(TWO_REQUESTS, '--json', '--workers', '1');
    const object = JSON.parse(stdout) as unknown;
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(object).toEqual({
      verdict: 'pass',
      exitCode: 0,
      flows: 0,
      outcomes: {},
      interrupted: 0,
      unanswered: 0,
      thresholds: [{ metric: 'http_reqs', expression: 'count==2', value: 2, ok: true }],
      simulator: null,
      ownDelay: {
        eventLoop: { p99Ms: expect.any(Number) as number, maxMs: expect.any(Number) as number },
        startLag: null,
        cpuCores: expect.any(Number) as number,
        gc: { share: expect.any(Number) as number, maxMs: expect.any(Number) as number, youngMiB: 48 },
        stalls: { lostMs: expect.any(Number) as number, maxMs: expect.any(Number) as number },
      },
      findings: [],
    });
    expect(JSON.parse(readFileSync(join(resultsOf(folder), 'result.json'), 'utf8'))).toEqual(object);
    expect(code).toBe(0);
  });

  it('ends with 99 when a threshold failed', async () => {
    const { code, stdout } = await runScript(TWO_REQUESTS.replace('count==2', 'count>2'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'fail', exitCode: 99, thresholds: [{ value: 2, ok: false }] });
    expect(code).toBe(99);
  });

  it('shows neither banner nor progress with --quiet', async () => {
    const { stderr } = await runScript(TWO_REQUESTS, '--quiet');
    const allowed = /^warning: invalid, but allowed: .*\n/m;
    expect(stderr.replace(allowed, '')).toMatch(/^results → [^\n]*\n$/);
  });

  it('gives the script the environment and -e, which wins', async () => {
    const source = `
      exports.default = () => {};
      exports.handleSummary = () => ({ stdout: [__ENV.TARGET, __ENV.OTHER].join(' ') });
    `;
    const { stdout } = await runScript(source, '-e', 'TARGET=mine', '-e', 'OTHER=a=b');
    expect(stdout).toBe('mine a=b\n');
  });

  it.each([
    ['107 for a script that throws in its init code', "throw new TypeError('no luck')", 107, /no luck/],
    ['107 for one that throws in setup', "exports.setup = () => { throw new Error('no luck') }", 107, /no luck/],
    [
      '104 for a ConfigurationError',
      "throw Object.assign(new Error('set X'), { name: 'ConfigurationError' })",
      104,
      /set X/,
    ],
    ['104 for a wrong option', 'exports.options = { vus: -1 }', 104, /vus/],
    ['104 for a module that is not there', "require('k6/browser')", 104, /k6\/browser/],
  ])('ends with %s, with one line and no results', async (_title, source, exit, says) => {
    const { code, stdout, stderr, folder } = await runScript(`exports.default = () => {};\n${source};`, '--quiet');
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(exit);
    expect(readdirSync(join(folder, 'results'))).toEqual([]);
  });

  it('ends with 108 when the script aborts the test, and with 110 when it fails it', async () => {
    const source = (call: string) => `
      const exec = require('k6/execution');
      exports.default = () => { exec.test.${call}('because'); };
    `;
    const aborted = await runScript(source('abort'), '--json');
    expect(aborted.code).toBe(108);
    expect(JSON.parse(aborted.stdout)).toMatchObject({ verdict: 'aborted', exitCode: 108 });
    const failed = await runScript(source('fail'), '--json');
    expect(failed.code).toBe(110);
  });

  it('keeps failed flows in a file, fairly over their kinds, and says other lines aloud', async () => {
    const { code, stderr, folder } = await runScript(`
      exports.default = () => {
        const flow = ${JSON.stringify(failure())};
        const tell = (user, kind) => console.error('pairstorm-failure ' + JSON.stringify({ ...flow, user, kind }));
        for (let i = 0; i < 1002; i++) tell(i, 'F2');
        tell(1002, 'F13');
        console.warn('pairstorm-failure of another kind');
      };
    `);
    expect(code).toBe(0);
    const kept = readFileSync(join(resultsOf(folder), 'failures.jsonl'), 'utf8')
      .trim()
      .split('\n');
    // A hundred of a kind, then its 128th, 256th, 512th.
    const users = kept.map((line) => (JSON.parse(line) as { user: number }).user);
    expect(users).toEqual([...Array.from({ length: 100 }, (_, user) => user), 127, 255, 511, 1002]);
    expect(stderr).toMatch(/1003 failed flows → results\/.*failures\.jsonl \(104 kept\)/);
    expect(stderr).not.toContain('{"user"');
    expect(stderr).toContain('warn: pairstorm-failure of another kind\n');
  });

  it('says a line that is not a failed flow aloud, and makes its report', async () => {
    const { code, stderr, folder } = await runScript(`
      exports.default = () => {
        for (let i = 0; i < 2; i++) console.log('pairstorm-failure {"user":1}');
        console.log('pairstorm-failure ' + JSON.stringify({ ...${JSON.stringify(failure())}, reason: 'x'.repeat(50_000) }));
        console.log('pairstorm-failure ' + JSON.stringify(${JSON.stringify(failure({ reason: 'a b' }))}));
      };
    `);
    expect(code).toBe(0);
    expect(stderr.match(/info: pairstorm-failure \{"user":1\}\n/g)).toHaveLength(2);
    expect(stderr).toContain('info: pairstorm-failure {"run":');
    expect(stderr).toMatch(/^1 failed flow → /m);
    expect(readdirSync(resultsOf(folder)), stderr).toContain('report.html');
  });

  it("writes the script's own files below the results, never outside or over others", async () => {
    const { stderr, folder } = await runScript(`
      exports.default = () => {};
      exports.handleSummary = () => ({ 'sub/own.txt': 'mine', '../escaped.txt': 'x', '/tmp/x/y': 'x', 'result.json': 'x' });
    `);
    const results = resultsOf(folder);
    expect(readFileSync(join(results, 'sub/own.txt'), 'utf8')).toBe('mine');
    expect(JSON.parse(readFileSync(join(results, 'result.json'), 'utf8'))).toMatchObject({ verdict: 'pass' });
    expect(readdirSync(join(folder, 'results'))).toHaveLength(1);
    expect(stderr.match(/warning: handleSummary may not write/g)).toHaveLength(3);
  });

  it('still says how it ended when the results cannot be written', async () => {
    const folder = emptyFolder();
    const source =
      "exports.options = { duration: '60s' }; exports.default = () => new Promise((r) => setTimeout(r, 20));";
    const script = scriptFile(folder, 'script.js', `${source} exports.setup = () => console.log('set up');`);
    const { child, ended, says } = start(folder, ['run', script, '--json']);
    await says('set up');
    rmSync(join(folder, 'results'), { recursive: true });
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'interrupted', exitCode: 105 });
    expect(stderr).toContain('warning: some results could not be written: no such file or folder');
    expect(code).toBe(105);
  });

  it('never overwrites an earlier run', async () => {
    const folder = emptyFolder();
    const script = scriptFile(folder, 'script.js', 'exports.default = () => {};');
    const runs = [1, 2, 3].map(() =>
      pairstorm(folder, ['run', script, '--results', 'kept', '--quiet', ...ANY_MACHINE]),
    );
    expect((await Promise.all(runs)).map((ended) => ended.code)).toEqual([0, 0, 0]);
    expect(readdirSync(join(folder, 'kept'))).toHaveLength(3);
  });
});

describe('Ctrl-C', () => {
  const SLOW = `
    const { Counter } = require('k6/metrics');
    const started = new Counter('started');
    exports.options = { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '60s', gracefulStop: '60s' } } };
    exports.default = async () => {
      started.add(1);
      console.log('started');
      await new Promise((resolve) => setTimeout(resolve, Number(__ENV.MS)));
    };
    exports.handleSummary = (data) => ({
      stdout: JSON.stringify([data.metrics.started.values.count, (data.metrics.iterations?.values.count ?? 0)]),
    });
  `;
  const slow = (ms: string) => {
    const folder = emptyFolder();
    return start(folder, ['run', scriptFile(folder, 'script.js', SLOW), '-e', `MS=${ms}`]);
  };

  it('once lets iterations finish: 105, and each one that started is counted as done', async () => {
    const { child, ended, says } = slow('300');
    await says('info: started');
    child.kill('SIGINT');
    await says('finishing flows');
    const { code, stdout } = await ended;
    const [started, completed] = JSON.parse(stdout) as number[];
    expect(started).toBeGreaterThan(0);
    expect(completed).toBe(started);
    expect(code).toBe(105);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('twice stops at once, still with a summary: 105 (%s)', async (signal) => {
    const { child, ended, says } = slow('50000');
    await says('info: started');
    child.kill(signal);
    await says('finishing flows');
    child.kill(signal);
    const { code, stdout } = await ended;
    expect(JSON.parse(stdout)).toEqual([2, 0]);
    expect(code).toBe(105);
  });

  it('that npx gets and does not pass on ends the run as SIGTERM does, with its results', async () => {
    const folder = emptyFolder();
    const { child, ended, says } = startByNpx(folder, ['run', scriptFile(folder, 'script.js', SLOW), '-e', 'MS=300']);
    await says('info: started');
    child.kill('SIGTERM');
    await says('finishing flows');
    const [started, completed] = JSON.parse((await ended).stdout) as number[];
    expect(completed).toBe(started);
    const results = join(folder, 'results');
    const result = readFileSync(join(results, readdirSync(results)[0]!, 'result.json'), 'utf8');
    expect(JSON.parse(result)).toMatchObject({ verdict: 'interrupted', exitCode: 105 });
  });

  it('a third time ends the process with 130, whatever the script waits for', async () => {
    const folder = emptyFolder();
    const script = scriptFile(
      folder,
      'script.js',
      `exports.setup = () => console.log('set up');
       exports.options = { duration: '60s' };
       exports.default = () => new Promise((resolve) => setTimeout(resolve, 50));
       exports.handleSummary = () => new Promise(() => setTimeout(() => {}, 60000));`,
    );
    const { child, ended, says } = start(folder, ['run', script]);
    await says('info: set up');
    child.kill('SIGINT');
    await says('finishing flows');
    child.kill('SIGINT');
    await says('stopping now');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });
});
