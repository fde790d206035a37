import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import type { StoredRecord } from '../../record/read-record.ts';
import { emptyFolder, pairstorm, scriptFile, start } from './command.ts';
import { freePort, hasPrometheus, startPrometheus } from './real-prometheus.ts';
import type { Sampled } from './real-prometheus.ts';

/** A script with every type of metric, and tags that Prometheus cannot take as they are. */
const SCRIPT = `
  const http = require('k6/http');
  const { Counter, Gauge, Rate, Trend } = require('k6/metrics');
  const [calls, level, odd, size, bytes] = [new Counter('calls'), new Gauge('level'), new Rate('odd'), new Trend('size', true), new Trend('bytes')];
  exports.options = {
    scenarios: {
      steady: { executor: 'constant-arrival-rate', rate: 40, timeUnit: '1s', duration: '3s', preAllocatedVUs: 10, tags: { phase: 'steady' } },
    },
    thresholds: { size: ['p(95)<1000', 'max>499'], 'calls{half:a "quoted"\\\\n}': ['count>10'] },
  };
  exports.default = async () => {
    calls.add(0.1, { half: __ITER % 2 === 0 ? 'a "quoted"\\\\n' : 'b\\\\c\\nd', empty: '', 'a.b': '1', a_b: '2' });
    level.add(__ITER);
    odd.add(__ITER % 2 === 1);
    size.add((__VU * 37 + __ITER * 11) % 500);
    bytes.add(__ITER * 1000);
    await http.asyncRequest('GET', 'http://127.0.0.1:9/');
  };
  exports.handleSummary = () => ({});
`;

const RUN = ['--workers', '2', '--allow-invalid', '--results', 'results'];

/** What Prometheus must hold of a series, by the names of k6's documentation. */
function expected(metric: string, contains: string, total: SeriesTotal): readonly (readonly [string, number])[] {
  const prefix = metric.startsWith('generator_') ? `pairstorm_${metric}` : `k6_${metric}`;
  const unit = contains === 'time' ? 1_000 : 1;
  if ('histogram' in total) {
    return [
      [`${prefix}_p95`, total.histogram.percentile(95) / unit],
      [`${prefix}_p99`, total.histogram.percentile(99) / unit],
      [`${prefix}_max`, total.histogram.max / unit],
      [`${prefix}_count`, total.histogram.count],
      [`${prefix}_sum`, total.histogram.sum / unit],
    ];
  }
  if ('sum' in total) return [[`${prefix}_total`, total.sum]];
  if ('passes' in total) return [[`${prefix}_rate`, total.passes / total.samples]];
  return [[prefix, total.value]];
}

/** All that Prometheus must hold of a record, by name and labels. */
async function expectedOf(record: StoredRecord): Promise<Record<string, number>> {
  const totals = new SeriesTotals();
  for await (const interval of record.intervals()) totals.add(interval);
  const all: Record<string, number> = {};
  for (const { metric, contains } of totals.metrics()) {
    for (const { tags, total } of totals.series(metric)) {
      const { 'a.b': first, a_b: second, ...others } = tags;
      const joined = first === undefined ? {} : { a_b: `${first};${second!}` };
      const labels = Object.entries({ ...others, ...joined, testid: record.run.testid }).filter(
        ([, value]) => value !== '',
      );
      for (const [name, value] of expected(metric, contains, total))
        all[identity(name, Object.fromEntries(labels))] = value;
    }
  }
  return all;
}

function identity(name: string, labels: Readonly<Record<string, string>>): string {
  return `${name}${JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/** Series as Prometheus has them, without the labels that say by which way they came. */
function held(samples: readonly Sampled[], name: RegExp): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { labels, value } of samples) {
    const own = Object.entries(labels).filter(([label]) => !['__name__', 'job', 'instance'].includes(label));
    const family = labels['__name__']!;
    if (name.test(family)) all[identity(family, Object.fromEntries(own))] = value;
  }
  return all;
}

function recordIn(folder: string): StoredRecord {
  const results = join(folder, 'results');
  return openRecord(join(results, readdirSync(results)[0]!));
}

describe.skipIf(!hasPrometheus())('a real Prometheus', () => {
  test('holds at the end what the record holds, exactly, whether it scraped the run or received it', async () => {
    const folder = emptyFolder();
    const port = await freePort();
    const run = start(
      folder,
      [
        'run',
        scriptFile(folder, 'own.js', SCRIPT),
        ...RUN,
        '--tag',
        'testid=exact',
        '--out',
        'prometheus=0',
        '--out',
        `prometheus-rw=http://127.0.0.1:${port}/api/v1/write`,
      ],
      { K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s' },
    );
    await run.says(/http:\/\/127\.0\.0\.1:\d+\/metrics/);
    const target = /http:\/\/(127\.0\.0\.1:\d+)\/metrics/.exec(run.said())![1]!;
    // It is not there yet when the first push is due: that push is sent again.
    const prometheus = await startPrometheus(port, [target]);
    try {
      const { code, stderr } = await run.ended;
      expect(code, stderr).toBe(99);
      expect(stderr).not.toMatch(/not delivered|not scraped/);
      const record = recordIn(folder);
      expect(record.run.testid).toBe('exact');
      const all = await expectedOf(record);
      expect(Object.keys(all).length).toBeGreaterThan(40);
      const ways = {
        scraped: await prometheus.query('last_over_time({testid="exact",job="pairstorm"}[1h])'),
        received: await prometheus.query('last_over_time({testid="exact",job=""}[1h])'),
      };
      for (const [way, samples] of Object.entries(ways)) {
        expect(held(samples, /^k6_|^pairstorm_generator_/), way).toEqual(all);
        expect(held(samples, /^pairstorm_(?!generator_)/), way).toEqual(facts(record));
      }
      expect(new Set(ways.received.map(({ labels }) => labels['instance']))).toEqual(
        new Set(record.run.machines.map(({ instance }) => instance)),
      );
      expect(new Set(ways.scraped.map(({ labels }) => labels['instance']))).toEqual(new Set([target]));
    } finally {
      await prometheus.stop();
    }
  });
});

/** The facts of a run that has ended. */
function facts({ run }: StoredRecord): Record<string, number> {
  const { testid, end } = run;
  const all: Record<string, number> = {};
  const fact = (name: string, labels: Readonly<Record<string, string>>, value: number): void => {
    all[identity(`pairstorm_${name}`, { ...labels, testid })] = value;
  };
  fact('run_info', { script: 'own', version: run.pairstorm }, 1);
  fact('run_start_time_seconds', {}, Date.parse(run.startedAt) / 1_000);
  fact('planned_arrivals_per_second', { scenario: 'steady' }, 0);
  fact('scenario_active', { scenario: 'steady', phase: 'steady' }, 0);
  fact('scenario_stage', { scenario: 'steady' }, 2);
  fact('run_verdict', { verdict: 'fail' }, 1);
  fact('run_exit_code', {}, 99);
  fact('run_duration_seconds', {}, end!.durationMs / 1_000);
  const limits = [1_000, 499, 10];
  end!.thresholds.forEach(({ metric, expression, value, ok }, at) => {
    fact('threshold_limit', { metric, expression }, limits[at]!);
    fact('threshold_value', { metric, expression }, value!);
    fact('threshold_ok', { metric, expression }, ok ? 1 : 0);
  });
  return all;
}

/** A script that is done at once. */
const SHORT = `
  const { Counter } = require('k6/metrics');
  const calls = new Counter('calls');
  exports.default = async () => { calls.add(1); };
  exports.handleSummary = () => ({});
`;

test('Ctrl-C ends the wait for a last scrape and for a receiver that is not there; the verdict stays', async () => {
  const folder = emptyFolder();
  const url = `http://127.0.0.1:${await freePort()}/api/v1/write`;
  const run = start(folder, [
    ...['run', scriptFile(folder, 'own.js', SHORT), ...RUN],
    ...['--out', 'prometheus=0', '--out', `prometheus-rw=${url}`, '--prometheus-linger', '10m'],
  ]);
  await run.says('waiting up to 10m0s for a last scrape');
  await run.says('sending the last samples, for up to 10s; Ctrl-C skips this');
  // What the run has to say of itself does not wait.
  expect(run.said()).toContain('results → ');
  run.child.kill('SIGINT');
  const { code, stderr } = await run.ended;
  expect(code).toBe(0);
  expect(stderr).toContain('was not scraped after the end');
  expect(stderr).toMatch(/: (\d+) of \1 samples were not delivered: ECONNREFUSED/);
});

test('secrets of remote write stand in no output and in no file; a refusal leaves the verdict as it is', async () => {
  const folder = emptyFolder();
  const heard: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.writeHead(401).end(`who is ${request.headers.authorization!}?`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const { code, stdout, stderr } = await pairstorm(
      folder,
      ['run', scriptFile(folder, 'own.js', SHORT), ...RUN, '--json', '--out', 'experimental-prometheus-rw'],
      {
        K6_PROMETHEUS_RW_SERVER_URL: `http://127.0.0.1:${port}/push`,
        K6_PROMETHEUS_RW_BEARER_TOKEN: 'a-secret-token',
      },
    );
    expect(code, stderr).toBe(0);
    expect(heard).toContain('Bearer a-secret-token');
    expect(stderr).toContain(`--out prometheus-rw=http://127.0.0.1:${port}/push: HTTP 401: who is (redacted)?`);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    const written = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'));
    expect(written.length).toBeGreaterThan(3);
    expect([stdout, stderr, ...written].join('\n')).not.toContain('a-secret-token');
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a run whose setup fails waits for nobody', async () => {
  const folder = emptyFolder();
  const source = `${SHORT} exports.setup = () => { throw new Error('no users'); };`;
  const url = `http://127.0.0.1:${await freePort()}/`;
  const { code, stderr } = await pairstorm(folder, [
    ...['run', scriptFile(folder, 'own.js', source), ...RUN, '-q'],
    ...['--out', 'prometheus=0', '--out', `prometheus-rw=${url}`],
  ]);
  expect(code).toBe(107);
  expect(stderr).toMatch(/^error: [^\n]*no users[^\n]*\n$/);
});

test('a port that is in use, and a wait that nobody asked for, end with one line before any load', async () => {
  const folder = emptyFolder();
  const script = scriptFile(folder, 'own.js', SHORT);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const used = await pairstorm(folder, ['run', script, ...RUN, '--out', `prometheus=${port}`]);
  server.close();
  expect(used).toMatchObject({
    code: 104,
    stderr: `error: --out prometheus: port ${port} of 127.0.0.1 is in use; use another one, or 0 for a free one\n`,
  });
  const lingering = await pairstorm(folder, ['run', script, ...RUN, '--prometheus-linger', '1s']);
  expect(lingering.code).toBe(104);
  expect(lingering.stderr).toMatch(/^error: --prometheus-linger has no effect without --out prometheus=PORT[^\n]*\n$/);
  const dry = await pairstorm(folder, ['run', script, ...RUN, '--dry-run', '--out', `prometheus=${port}`]);
  expect(dry.code, dry.stderr).toBe(0);
  expect(dry.stderr).not.toContain('scrape');
});
