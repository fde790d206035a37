import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Histogram } from '../../contract/histogram.ts';
import { readTrendStats } from '../../engine/outputs/prometheus/trend-stats.ts';
import type { RunOptions } from '../../engine/run-options.ts';
import { PLAN, interval, open, series } from '../engine/prometheus/a-run.ts';
import { runScript, serve, value } from '../engine/script-fixture.ts';
import type { ScriptRun } from '../engine/script-fixture.ts';

// What public evidence says of k6 (docs/k6-contract.md, section 13), asked of the engine; numbers are those of section 12.

interface Sample {
  readonly metric: string;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly at: number;
}

/** Runs a script and reads what it sampled; `of`: the samples of a metric. */
async function sampled(
  script: string,
  options: Partial<RunOptions> = {},
): Promise<{
  readonly result: ScriptRun;
  readonly samples: readonly Sample[];
  readonly of: (name: string) => Sample[];
}> {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-answers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'samples.json');
  const result = await runScript(script, { outputs: [{ kind: 'json', file }], ...options });
  const samples = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { metric: string; type: string; data: Omit<Sample, 'at'> & { time: string } })
    .filter(({ type }) => type === 'Point')
    .map(({ metric, data }) => ({ metric, value: data.value, tags: data.tags, at: Date.parse(data.time) }));
  return { result, samples, of: (name) => samples.filter(({ metric }) => metric === name) };
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

test('2: VUs alone, from outside, replace scenarios by one of as many iterations', async () => {
  const result = await runScript(
    `const exec = require('k6/execution');
     exports.options = { scenarios: { a: { executor: 'constant-vus', duration: '10m', exec: 'other' } } };
     exports.other = () => console.log('other');
     exports.default = () => console.log(JSON.stringify(exec.test.options.scenarios));`,
    { optionLayers: [{ source: 'flags', values: { vus: 2 } }] },
  );
  const [said] = result.said;
  expect(result.said).toEqual([said, said]);
  expect(JSON.parse(said!)).toEqual({ default: { executor: 'shared-iterations', vus: 2, iterations: 2 } });
});

test('3: summary data have ids, which are MD5 of the path, noColor, and what setup returned', async () => {
  const { files } = await runScript(
    `const { check, group } = require('k6');
     exports.setup = () => ({ a: 1 });
     exports.default = () => group('outer', () => group('inner', () => check(1, { 'is one': (n) => n === 1 })));
     exports.handleSummary = (data) => ({ stdout: JSON.stringify(data) });`,
  );
  const {
    root_group: root,
    options,
    setup_data: setupData,
  } = JSON.parse(files['stdout'] as string) as {
    root_group: unknown;
    options: unknown;
    setup_data: unknown;
  };
  const group = (name: string, path: string, more: object) => ({ name, path, id: md5(path), ...more });
  const check = { name: 'is one', path: '::outer::inner::is one', id: md5('::outer::inner::is one') };
  const inner = group('inner', '::outer::inner', { groups: [], checks: [{ ...check, passes: 1, fails: 0 }] });
  expect(root).toEqual(
    group('', '', { groups: [group('outer', '::outer', { groups: [inner], checks: [] })], checks: [] }),
  );
  expect(md5('')).toBe('d41d8cd98f00b204e9800998ecf8427e');
  expect(options).toEqual({ summaryTrendStats: expect.any(Array) as unknown, summaryTimeUnit: '', noColor: false });
  expect(setupData).toEqual({ a: 1 });
});

test('8: a throw in init ends with 107', async () => {
  expect(await runScript(`throw new Error('no');`)).toMatchObject({ exitCode: 107, iterations: { started: 0 } });
});

test('14: an arrival rate starts as many iterations as its rate brings, or one more', async () => {
  const { iterations } = await runScript(
    `exports.options = { scenarios: { s: { executor: 'constant-arrival-rate', rate: 50, duration: '1s', preAllocatedVUs: 5 } } };
     exports.default = () => {};`,
  );
  expect([50, 51]).toContain(iterations.planned);
});

test('16: percentiles are interpolated, to within 1/128 here; a Counter’s rate is its count over the run’s seconds', async () => {
  const values = Array.from({ length: 912 }, (_, n) => 10 + ((n * 7_919) % 912) / 3);
  const { result } = await sampled(
    `const { Counter, Trend } = require('k6/metrics');
     const [ms, hits] = [new Trend('ms'), new Counter('hits')];
     exports.options = { summaryTrendStats: ['med', 'p(50)', 'p(90)', 'p(99.9)'] };
     exports.default = () => { for (const n of ${JSON.stringify(values)}) { ms.add(n); hits.add(2); } };`,
  );
  const sorted = [...values].sort((a, b) => a - b);
  for (const p of [50, 90, 99.9]) {
    const rank = (p / 100) * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
    const exact = low + (high - low) * (rank % 1);
    expect(Math.abs(value(result, 'ms', `p(${p})`)! / exact - 1)).toBeLessThan(1 / 128);
  }
  expect(value(result, 'ms', 'med')).toBe(value(result, 'ms', 'p(50)'));
  expect(value(result, 'hits', 'rate')).toBe(1_824 / (result.summary.state.testRunDurationMs / 1_000));
});

test('17: vus and vus_max come once a second, from the first second on, also during setup, without tags', async () => {
  const { of, result } = await sampled(
    `const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
     exports.options = { vus: 2, iterations: 2 };
     exports.setup = async () => { await pause(1300); };
     exports.default = async () => { await pause(1200); };`,
  );
  const first = of('vus')[0]!;
  expect(first).toMatchObject({ value: 0, tags: {} });
  expect(of('vus').at(-1)).toMatchObject({ value: 2, tags: {} });
  expect(of('vus_max')).toHaveLength(of('vus').length);
  // A busy machine may be late, never early.
  expect(of('vus').length).toBeLessThanOrEqual(Math.floor(result.durationMs / 1_000));
  const short = await sampled(`exports.options = { iterations: 3 }; exports.default = () => {};`);
  expect(short.of('vus')).toHaveLength(short.result.durationMs < 1_000 ? 0 : short.of('vus_max').length);
});

test('18, 28: interrupted iterations, setup and teardown emit data alone; data carry group and scenario', async () => {
  const base = await serve((_request, response) => response.end('hello'));
  const { samples } = await sampled(
    `const http = require('k6/http');
     const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
     const get = () => http.asyncRequest('GET', __ENV.BASE);
     exports.options = { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '300ms', gracefulStop: '0s' } } };
     exports.setup = get;
     exports.teardown = async () => { await get(); };
     exports.default = async () => { await get(); await pause(60000); };`,
    { env: { BASE: base } },
  );
  const own = samples.filter(({ metric }) => /^(data_|iteration)/.test(metric));
  expect(own.map(({ metric, tags }) => [metric, tags])).toEqual([
    ['data_sent', { group: '::setup' }],
    ['data_received', { group: '::setup' }],
    ['data_sent', { group: '', scenario: 's' }],
    ['data_received', { group: '', scenario: 's' }],
    ['data_sent', { group: '::teardown' }],
    ['data_received', { group: '::teardown' }],
  ]);
});

test('20: a Trend without samples is judged as 0, a Rate without samples passes', async () => {
  const { thresholds, exitCode } = await runScript(
    `const { Rate, Trend } = require('k6/metrics');
     const [never, share] = [new Trend('never'), new Rate('share')];
     exports.options = { thresholds: { never: ['max>=0', 'p(95)<500', 'max>0'], share: ['rate>=0.9'] } };
     exports.default = () => {};`,
  );
  expect(thresholds.map(({ expression, ok, value: judged }) => [expression, ok, judged])).toEqual([
    ['max>=0', true, null],
    ['p(95)<500', true, null],
    ['max>0', false, null],
    ['rate>=0.9', true, null],
  ]);
  expect(exitCode).toBe(99);
});

test('26: each hop has a url and a name of its own; a POST goes on as GET after 302', async () => {
  const seen: unknown[] = [];
  const base = await serve((request, response) => {
    seen.push([request.method, request.url]);
    if (request.url === '/a') response.writeHead(302, { location: '/b' });
    response.end();
  });
  const { of } = await sampled(
    `const http = require('k6/http');
     exports.default = async () => { await http.asyncRequest('POST', __ENV.BASE + '/a', 'body'); };`,
    { env: { BASE: base } },
  );
  expect(seen).toEqual([
    ['POST', '/a'],
    ['GET', '/b'],
  ]);
  expect(of('http_reqs').map(({ tags: { method, url, name, status } }) => [method, url, name, status])).toEqual([
    ['POST', `${base}/a`, `${base}/a`, '302'],
    ['GET', `${base}/b`, `${base}/b`, '200'],
  ]);
});

test('27: a refused request emits the samples of any other, with its error, status 0 and no protocol', async () => {
  const { samples } = await sampled(
    `const http = require('k6/http');
     exports.default = async () => { await http.asyncRequest('GET', 'http://127.0.0.1:1/'); };`,
  );
  const own = samples.filter(({ metric }) => metric.startsWith('http_req'));
  expect(own.map(({ metric }) => metric).sort()).toEqual([
    ...['http_req_blocked', 'http_req_connecting', 'http_req_duration', 'http_req_failed', 'http_req_receiving'],
    ...['http_req_sending', 'http_req_tls_handshaking', 'http_req_waiting', 'http_reqs'],
  ]);
  for (const { metric, value: measured, tags } of own) {
    expect(tags).toMatchObject({ status: '0', error: expect.any(String) as unknown, error_code: '1212' });
    expect(tags).not.toHaveProperty('proto');
    // The name of the code is that of today's documentation; the one file that shows it is of 2019 and says 1210.
    if (/duration|sending|waiting|receiving|connecting/.test(metric)) expect(measured, metric).toBeLessThan(1);
  }
});

test('33: in Prometheus a Trend of 250 ms is k6_<name>_p95 = 0.25', async () => {
  const histogram = new Histogram();
  histogram.record(250);
  const { outputs, said } = await open([{ kind: 'prometheus', host: '127.0.0.1', port: 0 }], {
    trendStats: readTrendStats('p(95)', 'stats'),
  });
  outputs.begin({ ...PLAN, thresholds: [], scenarios: [] });
  const named = [
    series(0, 'lag', {}, { type: 'trend', contains: 'time' }),
    series(1, 'http_reqs'),
    series(2, 'checks', {}, { type: 'rate' }),
    series(3, 'vus', {}, { type: 'gauge' }),
  ];
  const recorded = [
    [0, histogram.encode()],
    [1, { samples: 3, sum: 3 }],
    [2, { samples: 4, passes: 3 }],
    [3, { samples: 1, value: 5, min: 5, max: 5, at: 1 }],
  ] as const;
  outputs.write(interval(0, named, recorded));
  const text = await (await fetch(/http:\S+\/metrics/.exec(said.join())![0])).text();
  const shown = text.split('\n').filter((line) => /^k6_(lag|http_reqs|checks|vus)/.test(line));
  expect(shown.map((line) => line.replace(/\{.*\}/, ''))).toEqual([
    'k6_lag_p95 0.25',
    'k6_http_reqs_total 3',
    'k6_checks_rate 0.75',
    'k6_vus 5',
  ]);
  await outputs.discard();
});

test('38: the base of open() is the folder of the main script', async () => {
  const { said } = await runScript(
    `const text = open('./here.txt'); exports.default = () => console.log(text);`,
    {},
    { 'here.txt': 'beside' },
  );
  expect(said).toEqual(['beside']);
});
