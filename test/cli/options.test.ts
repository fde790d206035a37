import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, pairstorm, scriptFile, start, writeInventory } from './command.ts';
import type { Ended } from './command.ts';
import { carriedOut } from './in-process.ts';

const folder = emptyFolder();
const script = scriptFile(
  folder,
  'script.js',
  `const exec = require('k6/execution');
   exports.options = { vus: 1, iterations: 1 };
   exports.default = () => {};
   exports.handleSummary = () => {
     const { scenarios, tags, maxRedirects, throw: throws, noConnectionReuse } = exec.test.options;
     return { stdout: JSON.stringify({ scenarios, tags, maxRedirects, throws, noConnectionReuse }) };
   };`,
);
writeFileSync(join(folder, 'k6.json'), '{"maxRedirects": 7, "vus": 5}');
writeFileSync(join(folder, 'broken.json'), '{"vus": 5,\n"rps": oops}');

/** Runs the script; neither whether this machine keeps up is what these tests are about, nor in which thread it runs. */
const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  pairstorm(folder, ['run', script, '--quiet', '--allow-invalid', '--workers', '0', ...args], env);

describe('pairstorm run with options', () => {
  it('takes them from flags, K6_* variables and a configuration file, in the order of k6', async () => {
    const env = { K6_ITERATIONS: '9', K6_TAGS: 'a=1,b=x=y', K6_THROW: 'true', K6_VUS: '' };
    const { stdout, code } = await run(['-c', 'k6.json', '-u', '2', '--no-connection-reuse'], env);
    expect(JSON.parse(stdout)).toEqual({
      scenarios: { default: { executor: 'shared-iterations', iterations: 9, vus: 2 } },
      tags: { a: '1', b: 'x=y' },
      maxRedirects: 7,
      throws: true,
      noConnectionReuse: true,
    });
    expect(code).toBe(0);
  });

  it('reads repeated flags as one list', async () => {
    const args = ['-s', '100ms:2,50ms:1', '--stage', '50ms:0', '--tag', 'a=1', '--tag', 'b=2,3'];
    const { stdout } = await run(args);
    expect(JSON.parse(stdout)).toMatchObject({
      scenarios: {
        default: {
          executor: 'ramping-vus',
          startVUs: 1,
          stages: [
            { duration: '100ms', target: 2 },
            { duration: '50ms', target: 1 },
            { duration: '50ms', target: 0 },
          ],
        },
      },
      tags: { a: '1', b: '2,3' },
    });
  });

  it.each([
    ['a flag of the wrong kind', ['-u', 'many'], {}, /--vus is "many"; expected a whole number/],
    ['a stage without a target', ['-s', '10s'], {}, /--stage is "10s"; expected DURATION:TARGET/],
    ['a tag without a value', ['--tag', 'x'], {}, /--tag is "x"; expected NAME=VALUE/],
    ['flags that contradict each other', ['-d', '1s', '-s', '1s:1'], {}, /--duration and --stage cannot be combined/],
    ['a variable of the wrong kind', [], { K6_RPS: 'fast' }, /K6_RPS is "fast"; expected a whole number/],
    ['a variable for what is not supported', [], { K6_PAUSED: 'true' }, /K6_PAUSED is not supported/],
    ['a configuration file that is not there', ['-c', 'none.json'], {}, /--config none\.json: no such file/],
    ['one that is not JSON, by its line', ['-c', 'broken.json'], {}, /--config broken\.json is not JSON.*line 2/],
    [
      'a run that is longer than a record can hold',
      ['-d', '745h', '-u', '1'],
      {},
      /scenario default would end after 32 days; a run is recorded for up to 31 days/,
    ],
    ['a misspelt flag', ['--iteration', '2'], {}, /unknown option '--iteration' \(Did you mean --iterations\?\)/],
  ])('ends with 104 and one line for %s', async (_title, args, env, says) => {
    const { code, stdout, stderr } = await run(args, env);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(104);
  });

  it('warns of a K6_* variable that nothing reads, and of scenarios that a flag replaces', async () => {
    const { stderr, code } = await run([], { K6_ITERATION: '2', K6_CLOUD_TOKEN: 'secret' });
    expect(stderr).toContain('warning: K6_ITERATION has no effect here (did you mean K6_ITERATIONS?)\n');
    expect(stderr).not.toMatch(/CLOUD|secret/);
    expect(code).toBe(0);
    const inventory = join(folder, 'people.json');
    writeInventory(inventory, 200);
    const replaced = await pairstorm(folder, ['run', 'load', '-i', '3', '--json', '--allow-invalid'], {
      INVENTORY: inventory,
      TIME_SCALE: '0.01',
    });
    expect(replaced.stderr).toContain(
      'warning: --iterations replaced the scenarios below (ramp, steady): one named default',
    );
    expect(JSON.parse(replaced.stdout)).toMatchObject({ flows: 3 });
  });
});

it('thresholds of a file that a scenario of ours overrides are warned of', async () => {
  const own = emptyFolder();
  writeFileSync(join(own, 'limits.json'), '{"thresholds":{"http_req_failed":["rate<0.001"]}}');
  const { code, stderr } = await pairstorm(own, ['run', 'smoke', '--dry-run', '-q', '-c', 'limits.json']);
  expect(stderr).toBe('warning: thresholds in the configuration file have no effect: the script has its own\n');
  expect(code).toBe(0);
});

describe('pairstorm run with outputs', () => {
  const SILENT = `exports.options = { iterations: 2, thresholds: { iterations: ['count<2'] } };
    exports.default = () => {}; exports.handleSummary = () => ({});`;

  it('writes samples to stdout with --out json=-, and the exported summary to its file', async () => {
    const own = emptyFolder();
    const quiet = scriptFile(own, 'script.js', SILENT);
    const args = [
      'run',
      quiet,
      '--quiet',
      '--allow-invalid',
      '--out',
      'json=-',
      '-o',
      'csv=samples.csv',
      '--summary-export',
      'export.json',
    ];
    const { stdout, code } = await pairstorm(own, args);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; metric: string });
    expect(lines.filter(({ type, metric }) => type === 'Point' && metric === 'iterations')).toHaveLength(2);
    expect(readFileSync(join(own, 'samples.csv'), 'utf8')).toMatch(/^metric_name,timestamp,metric_value,/);
    expect(JSON.parse(readFileSync(join(own, 'export.json'), 'utf8'))).toMatchObject({
      root_group: { groups: {}, checks: {} },
      metrics: { iterations: { count: 2, thresholds: { 'count<2': true } } },
    });
    expect(code).toBe(99);
  });

  it.each([
    [
      'an output that does not exist',
      ['-o', 'influxdb=http://x'],
      /--out influxdb is not an output.*json=FILE, csv=FILE, prometheus=PORT or prometheus-rw=URL/,
    ],
    ['an output without a file', ['-o', 'json'], /--out json needs a file/],
    ['two things on stdout', ['-o', 'json=-', '--json'], /--out json=- cannot be combined with --json/],
    [
      'a summary that is exported and disabled',
      ['--summary-export', 'x', '--summary-mode', 'disabled'],
      /cannot be combined/,
    ],
  ])('refuses %s', async (_title, args, says) => {
    const { code, stderr } = await carriedOut(folder, ['run', script, ...args]);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(code).toBe(104);
  });
});

describe("A script of one's own", () => {
  it('in TypeScript is run by its name, and its samples are whole after Ctrl-C', async () => {
    const own = emptyFolder();
    scriptFile(
      own,
      'my-scenario.ts',
      `import { Counter } from 'k6/metrics';
       import { pause } from './pause.ts';
       const steps = new Counter('steps');
       export default async function (): Promise<void> {
         steps.add(1);
         console.log('step');
         await pause(5);
       }
       export const handleSummary = (data: { metrics: Record<string, { values: { count: number } }> }) =>
         ({ stdout: String(data.metrics['steps']!.values.count) });`,
    );
    scriptFile(
      own,
      'pause.ts',
      'export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));',
    );
    const running = start(own, ['run', 'my-scenario.ts', '-d', '60s', '-u', '3', '--out', 'json=samples.json']);
    await running.says('step');
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    const lines = readFileSync(join(own, 'samples.json'), 'utf8').trimEnd().split('\n');
    const samples = lines.map((line) => JSON.parse(line) as { type: string; metric: string });
    const steps = samples.filter(({ type, metric }) => type === 'Point' && metric === 'steps');
    expect(`${steps.length}\n`).toBe(stdout);
    expect(steps.length).toBeGreaterThan(0);
    expect(code).toBe(105);
  });

  it('that cannot be built ends with 104 and one line', async () => {
    const own = emptyFolder();
    scriptFile(own, 'broken.ts', `export default () => {\n  const a = ;\n};`);
    const { code, stderr } = await pairstorm(own, ['run', 'broken.ts', '--quiet']);
    expect(stderr).toBe('error: broken.ts:2:13: Unexpected ";"\n');
    expect(code).toBe(104);
  });
});

it.each(['HTTP_PROXY', 'http_proxy'])('Requests go through the proxy that %s names', async (name) => {
  const proxy = createServer((request, response) => response.end(`asked for ${request.url!}`)).listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
  const own = emptyFolder();
  const asking = scriptFile(
    own,
    'script.js',
    `const http = require('k6/http');
     exports.default = async () => console.log((await http.asyncRequest('GET', 'http://a.test/x')).body);`,
  );
  const env = { [name]: `127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  const { stderr } = await pairstorm(own, ['run', asking, '--quiet'], env);
  proxy.closeAllConnections();
  proxy.close();
  expect(stderr).toContain('info: asked for http://a.test/x\n');
});

it('--shared-connections N lets all virtual users of all threads reach the target by N sockets', async () => {
  const sockets = new Set<unknown>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    setTimeout(() => response.end('ok'), 5);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const own = emptyFolder();
  const asking = scriptFile(
    own,
    'script.js',
    `const http = require('k6/http');
     exports.options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 8, iterations: 2 } } };
     exports.default = async () => console.log((await http.asyncRequest('GET', __ENV.BASE)).status);`,
  );
  const base = `BASE=http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['run', asking, '--quiet', '--workers', '2', '-e', base, '--shared-connections', '2'];
  const { stderr } = await pairstorm(own, args, {});
  server.closeAllConnections();
  server.close();
  expect(stderr.match(/info: 200/g)).toHaveLength(16);
  expect(sockets.size).toBe(2);
});
