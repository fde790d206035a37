import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printDuration, readDuration } from '../../contract/duration.ts';
import { Metric, SERIES_CAP } from '../../engine/metrics/metric.ts';
import { runScript, serve, value } from './script-fixture.ts';

const HEAD = `const { Counter, Gauge, Rate, Trend } = require('k6/metrics');`;

test('custom metrics keep what their type says', async () => {
  const result = await runScript(`${HEAD}
    const c = new Counter('c'), g = new Gauge('g'), r = new Rate('r'), t = new Trend('t', true);
    exports.options = { summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'count'] };
    exports.default = () => {
      c.add(2); c.add(3); g.add(5); g.add(1); r.add(true); r.add(0); r.add(0); r.add(false);
      for (let i = 1; i <= 100; i++) t.add(i);
    };
  `);
  const { metrics } = result.summary;
  expect(metrics['c']).toMatchObject({ type: 'counter', values: { count: 5 } });
  expect(metrics['g']).toMatchObject({ type: 'gauge', values: { value: 1, min: 1, max: 5 } });
  expect(metrics['r']).toMatchObject({ type: 'rate', values: { rate: 0.25, passes: 1, fails: 3 } });
  expect(metrics['t']).toMatchObject({
    type: 'trend',
    contains: 'time',
    values: { avg: 50.5, min: 1, max: 100, count: 100 },
  });
  expect(metrics['t']!.values['med']! / 50.5).toBeCloseTo(1, 2);
});

test('a metric is made in init code, once by name and type', async () => {
  const result = await runScript(`${HEAD}
    const a = new Counter('same'), b = new Counter('same');
    exports.default = () => { a.add(1); b.add(1); try { new Counter('late'); } catch (error) { console.log(error.message, error instanceof Error); } };
  `);
  expect(value(result, 'same', 'count')).toBe(2);
  expect(result.said).toEqual(['metrics must be declared in the init context true']);
  expect((await runScript(`${HEAD} new Counter('x'); new Rate('x');`)).reason).toContain(
    'metric x already exists as counter, not rate',
  );
  expect((await runScript(`${HEAD} new Counter('a b');`)).reason).toContain('metric name "a b" is not allowed');
});

test('a value that is not a number is a warning, with `throw` an error', async () => {
  const script = (options: string): string =>
    `${HEAD} const c = new Counter('c'); exports.options = ${options}; exports.default = () => { c.add(NaN); c.add('5'); console.log('went on'); };`;
  const lenient = await runScript(script('{}'));
  expect(lenient.warnings).toHaveLength(2);
  expect(lenient.said).toEqual(['went on']);
  expect(lenient.summary.metrics['c']).toBeUndefined();
  expect((await runScript(script('{ throw: true }'))).said).toEqual([]);
});

test('a sub-metric holds the samples whose tags match, whatever else they carry', async () => {
  const result = await runScript(`${HEAD} const t = new Trend('t');
    exports.options = { tags: { run: 'r1' }, thresholds: { 't{a:1}': ['max<=2'], 't{a:1,b:"x"}': ['max<=1'], 't{run:r1}': [], 't{a:9}': ['max<=0'] } };
    exports.default = () => { t.add(1, { a: '1', b: 'x' }); t.add(2, { a: 1 }); t.add(3, { a: '2' }); t.add(4); };
  `);
  expect(result.exitCode).toBe(0);
  expect(value(result, 't{a:1}', 'max')).toBe(2);
  expect(value(result, 't{run:r1}', 'max')).toBe(4);
  expect(result.thresholds.find(({ metric }) => metric === 't{a:9}')).toMatchObject({ value: null, ok: true });
});

test('a threshold may ask for a latency by its alias, unless the script has a metric of that name', async () => {
  const url = await serve((request, response) => {
    response.statusCode = request.url === '/refused' ? 503 : 200;
    response.end();
  });
  const thresholds = `{ poll_duration: ['p(95)>=0'], 'step_duration{step:poll}': ['max>=0'], 'step_duration{step:wait}': [], 'step_duration{step:other}': ['max<=0'] }`;
  const script = (own: string): string => `${HEAD} const http = require('k6/http'); ${own}
    exports.options = { summaryTrendStats: ['count', 'max'], thresholds: ${thresholds} };
    exports.default = async () => {
      const tags = { name: 'poll', peer: 'pf' };
      await http.asyncRequest('POST', '${url}', null, { tags });
      await http.asyncRequest('GET', '${url}', null, { tags });
      await http.asyncRequest('POST', '${url}/refused', null, { tags });
      await http.asyncRequest('POST', '${url}', null, { tags: { name: 'poll', peer: 'device' } });
    };`;
  const run = await runScript(script(''));
  expect(run.exitCode).toBe(0);
  expect(value(run, 'poll_duration', 'count')).toBe(2);
  expect(value(run, 'step_duration{step:poll}', 'count')).toBe(2);
  expect(value(run, 'step_duration{step:wait}', 'count')).toBe(1);
  expect(run.thresholds.map(({ metric, value: of }) => [metric, of === null])).toEqual([
    ['poll_duration', false],
    ['step_duration{step:poll}', false],
    ['step_duration{step:other}', true],
  ]);
  const own = await runScript(script(`new Trend('poll_duration');`));
  expect(own.thresholds.find(({ metric }) => metric === 'poll_duration')).toMatchObject({ value: null });
});

test('a failed threshold ends the run with 99 and says which, by how much', async () => {
  const result = await runScript(`${HEAD} const c = new Counter('c');
    exports.options = { thresholds: { c: ['count>5', 'count < 100'], iterations: [{ threshold: 'count>=1' }] } };
    exports.default = () => c.add(3);
  `);
  expect(result).toMatchObject({
    exit: 'thresholds_failed',
    exitCode: 99,
    verdict: 'fail',
    reason: 'threshold failed: c count>5 (was 3)',
  });
  expect(result.summary.metrics['c']!.thresholds).toEqual({ 'count>5': { ok: false }, 'count < 100': { ok: true } });
});

test('without samples a counter is zero and judged, a trend is judged as zero; anything else passes', async () => {
  const result = await runScript(`${HEAD} new Counter('c'); new Rate('r'); new Trend('t');
    exports.options = { thresholds: { c: ['count>0'], r: ['rate>0.9'], t: ['avg>10'] } };
    exports.default = () => {};
  `);
  expect(result.thresholds.map(({ metric, value: was, ok }) => [metric, was, ok])).toEqual([
    ['c', 0, false],
    ['r', null, true],
    ['t', null, false],
  ]);
});

test('abortOnFail cuts the run short, after its delay, with 99', async () => {
  const result = await runScript(`${HEAD} const c = new Counter('c');
    exports.options = { vus: 1, duration: '60s', thresholds: { c: [{ threshold: 'count<1', abortOnFail: true, delayAbortEval: '100ms' }] } };
    exports.default = () => { c.add(1); return new Promise((r) => setTimeout(r, 50)); };
    exports.teardown = () => console.log('teardown');
  `);
  expect(result).toMatchObject({ exitCode: 99, reason: 'threshold crossed, the run was aborted: c: count<1' });
  // Of 60 s.
  expect(result.durationMs).toBeLessThan(60_000);
  expect(result.said).toEqual(['teardown']);
});

test('checks are counted by name and group, and never throw for a false one', async () => {
  const result = await runScript(`
    const { check, group } = require('k6');
    exports.options = { iterations: 2, thresholds: { 'checks{check:good}': ['rate==1'], 'checks{group:::outer}': ['rate==1'] } };
    exports.default = () => {
      if (__ITER > 0) return;
      console.log(check(5, { good: (v) => v === 5, bad: (v) => v > 5, plain: true }), group('outer', () => check(1, { good: () => true })));
      check(1, { throws: () => { throw new Error('in check'); }, after: true });
    };
  `);
  expect(result.said).toEqual(['false true']);
  expect(result.warnings[0]).toMatch(/^in check/);
  expect(result.exitCode).toBe(0);
  expect(result.summary.root_group).toMatchObject({
    checks: [
      { name: 'good', path: '::good', passes: 1, fails: 0 },
      { name: 'bad', passes: 0, fails: 1 },
      { name: 'plain', passes: 1, fails: 0 },
      { name: 'throws', passes: 0, fails: 1 },
    ],
    groups: [{ name: 'outer', path: '::outer', checks: [{ name: 'good', passes: 1 }] }],
  });
  expect(value(result, 'checks', 'passes')).toBe(3);
});

test('every request gives one sample of each kind, tagged with the system tags that are on', async () => {
  const base = await serve((_request, response) => void response.end('x'));
  let tags: Readonly<Record<string, string>> = {};
  const source = (options: string): string => `
    const http = require('k6/http'); exports.options = ${options};
    exports.default = async () => { await http.asyncRequest('GET', __ENV.BASE + '/1', null, { tags: { name: 'one' } }); await new Promise((r) => setTimeout(r, 100)); };`;
  const names = ['method', 'status', 'name', 'url', 'scenario', 'expected_response', 'group', 'proto'];
  const result = await runScript(source('{ iterations: 4 }'), {
    env: { BASE: base },
    progressEveryMs: 20,
    onProgress: ({ metrics }) => (tags = metrics.breakdown('http_reqs', names)[0]?.tags ?? tags),
  });
  for (const metric of ['http_reqs', 'http_req_failed'])
    expect(value(result, metric, metric === 'http_reqs' ? 'count' : 'fails')).toBe(4);
  expect(tags).toEqual({
    method: 'GET',
    status: '200',
    name: 'one',
    url: 'one',
    scenario: 'default',
    expected_response: 'true',
    group: '',
    proto: 'HTTP/1.1',
  });
  expect(value(result, 'data_received', 'count')).toBeGreaterThan(4 * 60);
  await runScript(source(`{ systemTags: ['status'] }`), {
    env: { BASE: base },
    onProgress: ({ metrics }) =>
      (tags = metrics.breakdown('http_reqs', ['status', 'method', 'scenario'])[0]?.tags ?? tags),
  });
  expect(tags).toEqual({ status: '200', method: '', scenario: '' });
});

test('exec.vu.metrics.tags tag what the VU emits until they are deleted', async () => {
  const result = await runScript(`${HEAD} const exec = require('k6/execution'); const c = new Counter('c');
    exports.options = { iterations: 2, thresholds: { 'c{kind:a}': ['count==3'], c: ['count==4'] } };
    exports.default = () => {
      if (__ITER === 0) { exec.vu.metrics.tags.kind = 'a'; c.add(1); console.log(exec.vu.metrics.tags.kind, exec.vu.metrics.tags.scenario); }
      else { c.add(2); delete exec.vu.metrics.tags.kind; c.add(1); }
    };
  `);
  expect(result.said).toEqual(['a default']);
  expect(result.exitCode).toBe(0);
});

test('memory stays bounded when a tag holds ids: the excess is counted together, and the tag is named', () => {
  const warnings: string[] = [];
  const metric = new Metric('flows', 'counter', 'default', (line) => warnings.push(line));
  for (let id = 0; id < SERIES_CAP + 50; id++) metric.seriesFor({ kind: 'F1', user: String(id) }).add(1);
  expect(metric.series).toHaveLength(SERIES_CAP + 1);
  expect(metric.series.at(-1)).toMatchObject({ tags: { other: 'other' }, sum: 50 });
  expect(warnings).toEqual([expect.stringContaining('mostly because of its tag "user"')]);
});

test('durations are read with Go units and as milliseconds', () => {
  expect(readDuration('1h30m', 'x')).toBe(5_400_000);
  expect(readDuration('1.5s', 'x')).toBe(1_500);
  expect(readDuration('2m500ms', 'x')).toBe(120_500);
  expect(readDuration(250, 'x')).toBe(250);
  for (const bad of ['1d', '', 's', '-1s', null, NaN])
    expect(() => readDuration(bad, 'timeout')).toThrow(/^timeout is /);
  expect([0, 0.25, 12.345, 1_500, 90_000, 3_660_000].map(printDuration)).toEqual([
    '0s',
    '250µs',
    '12.35ms',
    '1.5s',
    '1m30s',
    '1h1m0s',
  ]);
  fc.assert(
    fc.property(fc.nat(1_000_000), (ms) => {
      expect(readDuration(`${ms}ms`, 'x')).toBe(ms);
    }),
  );
});
