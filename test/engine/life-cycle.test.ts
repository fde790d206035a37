import { expect, test } from 'vitest';
import { runScript, serve, value } from './script-fixture.ts';

test('setup, iterations, teardown and handleSummary run in this order, and setup data goes through JSON', async () => {
  const result = await runScript(`
    exports.options = { vus: 1, iterations: 2 };
    exports.setup = async () => ({ at: new Date(0), gone: undefined, n: 1 });
    exports.default = (data) => { console.log('iteration', __VU, __ITER, data.at, 'gone' in data); data.n++; console.log(data.n); };
    exports.teardown = (data) => console.log('teardown', __VU, data.n);
    exports.handleSummary = (data) => ({ stdout: 'done ' + data.metrics.iterations.values.count, 'a.bin': new Uint8Array([1, 2]).buffer });
  `);
  expect(result.said).toEqual([
    'iteration 1 0 1970-01-01T00:00:00.000Z false',
    '2',
    'iteration 1 1 1970-01-01T00:00:00.000Z false',
    '3',
    'teardown 0 1',
  ]);
  expect(result.exitCode).toBe(0);
  expect(result.files['stdout']).toBe('done 2');
  expect(new Uint8Array(result.files['a.bin'] as ArrayBuffer)).toEqual(new Uint8Array([1, 2]));
});

test('the built-in text claims nothing of a threshold that had no sample', async () => {
  const result = await runScript(`
    const { Counter, Trend } = require('k6/metrics');
    new Counter('never'); new Trend('lag', true);
    exports.options = { thresholds: { 'http_req_duration{name:gone}': ['p(95)<500'], lag: ['max<1'], checks: ['rate>0.9'], never: ['count<1'] } };
    exports.default = () => {};
  `);
  const said = result.files['stdout'] as string;
  for (const line of [
    "  - http_req_duration{name:gone} 'p(95)<500' no sample",
    "  - lag 'max<1' no sample",
    "  - checks 'rate>0.9' no sample",
    // A counter without a sample is a count of zero, and judged.
    "  ✓ never 'count<1'",
  ])
    expect(said.split('\n')).toContain(line);
  expect(said).toMatch(/\{name:gone\}\.+: no sample$/m);
  expect(said).toMatch(/checks\.+: no sample$/m);
  // What handleSummary and the record get is k6's form.
  expect(result.thresholds).toContainEqual({ metric: 'lag', expression: 'max<1', value: null, ok: true });
});

test('without handleSummary the built-in text is the output', async () => {
  const result = await runScript('exports.default = () => {};');
  expect(result.files['stdout']).toMatch(/iterations\.+: 1 /);
});

test('a VU keeps its module state over iterations, and no other VU sees it', async () => {
  const result = await runScript(`
    let mine = 0;
    exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 3 } } };
    exports.default = () => { mine += __VU; console.log(__VU + ':' + mine); };
  `);
  expect([...result.said].sort()).toEqual(['1:1', '1:2', '1:3', '2:2', '2:4', '2:6']);
});

test('an iteration lasts until its timers and requests are done, awaited or not', async () => {
  const base = await serve((_request, response) => setTimeout(() => response.end('x'), 40));
  const result = await runScript(
    `const http = require('k6/http');
     exports.default = () => {
       setTimeout(() => { http.asyncRequest('GET', __ENV.BASE).then(() => setTimeout(() => console.log('last'), 20)); }, 30);
       console.log('returned');
     };`,
    { env: { BASE: base } },
  );
  expect(result.said).toEqual(['returned', 'last']);
  expect(value(result, 'iteration_duration', 'max')).toBeGreaterThan(80);
});

test('an error in an iteration is reported, counts as an iteration and does not fail the run', async () => {
  const result = await runScript(`
    const { fail } = require('k6');
    exports.options = { iterations: 4 };
    exports.default = async () => {
      if (__ITER === 3) return;
      if (__ITER === 0) throw new Error('boom');
      if (__ITER === 1) { setTimeout(() => console.log('dropped'), 1); fail('given up'); }
      setTimeout(() => { throw new Error('in a timer'); }, 1);
      await new Promise(() => {});
    };
  `);
  expect(result.exitCode).toBe(0);
  expect(result.warnings.map((line) => line.replace(/ \(.*/, ''))).toEqual(['boom', 'given up', 'in a timer']);
  expect(result.warnings[0]).toContain('(script.js:6:');
  expect(result.iterations).toEqual({ planned: 4, started: 4, completed: 4, interrupted: 0, dropped: 0, thrown: 3 });
  expect(result.firstThrown).toBe(result.warnings[0]);
  expect(result.said).toEqual([]);
});

test('a run whose every iteration threw has tested nothing, and ends with 107', async () => {
  const result = await runScript(`
    exports.options = { iterations: 2, thresholds: { iterations: ['count>1'] } };
    exports.default = () => { throw new Error('boom'); };
  `);
  expect(result).toMatchObject({ exitCode: 107, verdict: 'error', iterations: { completed: 2, thrown: 2 } });
  expect(result.reason).toMatch(
    /^every iteration that ended threw an exception, so nothing was tested; the first: boom \(script\.js:3:/,
  );
  // What the figures tell is for whoever judges them.
  expect(result.findings).toEqual([]);
});

test('errors of the script outside iterations end with 107 and name file and line', async () => {
  const init = await runScript('\nnull.x;\nexports.default = () => {};');
  expect(init).toMatchObject({ exit: 'script_exception', exitCode: 107, verdict: 'error' });
  expect(init.reason).toContain('(script.js:2:');
  const setup = await runScript(`
    exports.setup = () => { throw new Error('no token'); };
    exports.default = () => console.log('ran');
    exports.teardown = () => console.log('teardown');
  `);
  expect(setup.exitCode).toBe(107);
  expect(setup.reason).toMatch(/^no token \(script\.js:2:/);
  expect(setup.said).toEqual([]);
  const teardown = await runScript(
    `exports.default = () => {}; exports.teardown = () => { throw new TypeError('t'); };`,
  );
  expect(teardown.exitCode).toBe(107);
  expect(teardown.reason).toMatch(/^TypeError: t /);
  const slow = await runScript(
    `exports.options = { setupTimeout: '50ms' }; exports.setup = () => new Promise(() => setInterval(() => {}, 10)); exports.default = () => {};`,
  );
  expect(slow.reason).toContain('setup() did not finish within 50ms');
});

test('what the user can put right ends with 104 before anything runs', async () => {
  const cases: readonly (readonly [source: string, reason: string])[] = [
    [
      `throw Object.assign(new Error('PF_BASE_URL is not a URL'), { name: 'ConfigurationError' });`,
      'PF_BASE_URL is not a URL',
    ],
    [
      `exports.options = { vus: 'five' }; exports.default = () => {};`,
      'options.vus is "five"; expected a whole number ≥ 1',
    ],
    [
      `exports.options = { duration: 'soon' }; exports.default = () => {};`,
      'options.duration is "soon"; expected a duration',
    ],
    [
      `exports.options = { scenarios: { a: { executor: 'constant-vus', duration: '1s', exec: 'nope' } } };`,
      'exports no function "nope"',
    ],
    [
      `exports.options = { scenarios: { a: { executor: 'constant-vus', duration: '1s', vuz: 1 } } };`,
      'scenarios.a.vuz is not known',
    ],
    [
      `exports.options = { stages: [{ duration: '1s', target: 1 }], duration: '1s' }; exports.default = () => {};`,
      'options.stages and options.duration',
    ],
    [`exports.options = { vus: 3, iterations: 2 }; exports.default = () => {};`, '3 VUs share 2 iterations'],
    [`exports.options = { linger: true }; exports.default = () => {};`, 'options.linger is not supported'],
    [
      `exports.options = { thresholds: { http_req_duratoin: ['p(95)<1'] } }; exports.default = () => {};`,
      'there is no such metric',
    ],
    [
      `exports.options = { thresholds: { http_reqs: ['p(95)<1'] } }; exports.default = () => {};`,
      'does not fit a counter',
    ],
    [`require('k6/browser');`, 'module "k6/browser" is not supported by this engine; supported: k6, k6/http'],
  ];
  for (const [source, reason] of cases) {
    const result = await runScript(source);
    expect(result).toMatchObject({ exit: 'invalid_configuration', exitCode: 104, verdict: 'error' });
    expect(result.reason).toContain(reason);
    expect(result.reason).not.toMatch(/\n|script\.js:\d/);
  }
  const missing = await runScript('', { bundlePath: '/no/such/script.js' });
  expect(missing).toMatchObject({ exitCode: 104, reason: 'script /no/such/script.js does not exist' });
});

test('exec.test.abort stops all VUs, still runs teardown and summary, and ends with 108', async () => {
  const result = await runScript(`
    const exec = require('k6/execution');
    exports.options = { vus: 3, duration: '30s' };
    exports.default = async () => {
      if (__VU === 2) { try { exec.test.abort('no more users'); } catch { console.log('caught'); } }
      await new Promise((r) => setTimeout(r, 10000));
    };
    exports.teardown = () => console.log('teardown');
    exports.handleSummary = () => ({ stdout: 'summary' });
  `);
  expect(result).toMatchObject({ exitCode: 108, verdict: 'aborted', reason: 'test aborted: no more users' });
  expect(result.said).toEqual(['caught', 'teardown']);
  expect(result.files['stdout']).toBe('summary');
  expect(result.iterations.interrupted).toBe(result.iterations.started);
});

test('exec.test.fail lets the run end and fails it with 110', async () => {
  const result = await runScript(`
    const exec = require('k6/execution');
    exports.options = { iterations: 2 };
    exports.default = () => { exec.test.fail('bad inventory'); };
  `);
  expect(result).toMatchObject({ exitCode: 110, verdict: 'fail', reason: 'the script failed the test: bad inventory' });
  expect(result.iterations.completed).toBe(2);
});

test('open() reads a file beside the script, in init code only', async () => {
  const result = await runScript(
    `const text = open('./data.txt'); const bytes = open('data.txt', 'b');
     exports.default = () => { console.log(text, new Uint8Array(bytes)[0], bytes instanceof ArrayBuffer); open('data.txt'); };`,
    {},
    { 'data.txt': 'hello' },
  );
  expect(result.said).toEqual(['hello 104 true']);
  expect(result.warnings[0]).toContain('open() works in the init context only');
  const missing = await runScript(`open('gone.txt'); exports.default = () => {};`);
  expect(missing.exitCode).toBe(104);
});
