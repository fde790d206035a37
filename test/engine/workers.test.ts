import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyFolder, pairstorm, start } from '../cli/command.ts';
import { compiledStopSignal, runInWorkers } from './compiled-engine.ts';
import { serve, value, writeScript } from './script-fixture.ts';

const numbers = (lines: readonly string[]): number[] => lines.map(Number).sort((a, b) => a - b);
const upTo = (n: number, from = 0): number[] => Array.from({ length: n }, (_, at) => at + from);

describe.each([1, 2, 3])('over %i worker threads', (workers) => {
  test.each([
    ['shared-iterations', `executor: 'shared-iterations', vus: 5, iterations: 23`, 23],
    ['per-vu-iterations', `executor: 'per-vu-iterations', vus: 5, iterations: 4`, 20],
    [
      'constant-arrival-rate',
      `executor: 'constant-arrival-rate', rate: 100, duration: '300ms', preAllocatedVUs: 30`,
      30,
    ],
  ])('%s plays each iteration once, and each VU has a number of its own', async (_executor, scenario, iterations) => {
    const result = await runInWorkers(
      `const exec = require('k6/execution');
      exports.options = { scenarios: { s: { ${scenario} } } };
      exports.default = async () => {
        console.log(exec.scenario.iterationInTest + ' ' + exec.vu.idInTest + ' ' + __VU);
        await new Promise((resolve) => setTimeout(resolve, 1));
      };`,
      { workers, allowInvalid: true },
    );
    expect(result).toMatchObject({ exitCode: 0, iterations: { planned: iterations, interrupted: 0 } });
    expect(result.iterations.started).toBe(result.said.length);
    if (result.iterations.dropped === 0) {
      expect(numbers(result.said.map((line) => line.split(' ')[0]!))).toEqual(upTo(iterations));
    }
    expect(result.said.every((line) => line.split(' ')[1] === line.split(' ')[2])).toBe(true);
  });
});

test('what the threads record is merged: counts are exact, thresholds are judged on the whole', async () => {
  const url = await serve((_request, response) => response.end('{}'));
  const result = await runInWorkers(
    `const http = require('k6/http');
    const { check } = require('k6');
    const { Counter, Trend, Rate, Gauge } = require('k6/metrics');
    const exec = require('k6/execution');
    const c = new Counter('c'), t = new Trend('t'), r = new Rate('r'), g = new Gauge('g');
    exports.options = {
      scenarios: { s: { executor: 'shared-iterations', vus: 6, iterations: 90 } },
      thresholds: { c: ['count==4005'], 't{half:a}': ['min==0', 'max==88'], t: ['p(50)>40', 'p(50)<50'], r: ['rate==0.5'], http_reqs: ['count==90'] },
    };
    exports.default = async () => {
      const n = exec.scenario.iterationInTest;
      c.add(n); t.add(n, { half: n % 2 === 0 ? 'a' : 'b' }); r.add(n % 2 === 0); g.add(n);
      check(await http.asyncRequest('GET', '${url}/'), { answered: (answer) => answer.status === 200 });
    };`,
    { workers: 3, allowInvalid: true },
  );
  expect(result.reason).toBeUndefined();
  expect(result.thresholds.filter(({ ok }) => !ok)).toEqual([]);
  expect(value(result, 'checks', 'passes')).toBe(90);
  expect(value(result, 'iterations', 'count')).toBe(90);
  expect(result.summary.metrics['g']?.values).toMatchObject({ min: 0, max: 89 });
  expect(result.exitCode).toBe(0);
});

test('setup runs once, its data reaches every thread, and a SharedArray is made once for the process', async () => {
  const result = await runInWorkers(
    `const { SharedArray } = require('k6/data');
    const rows = new SharedArray('rows', () => { console.log('made'); return [{ n: 1 }, { n: 'zwei – ü' }, { n: 3 }]; });
    exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 4, iterations: 1 } } };
    exports.setup = () => { console.log('setup'); return { token: 'x' }; };
    exports.default = (data) => console.log(data.token + rows.length + rows[1].n);
    exports.teardown = (data) => console.log('teardown ' + data.token);`,
    {},
  );
  expect(result.said).toEqual(['made', 'setup', ...Array<string>(4).fill('x3zwei – ü'), 'teardown x']);
});

test('exec.instance counts over all threads', async () => {
  const result = await runInWorkers(
    `const exec = require('k6/execution');
    exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 4, iterations: 1 } } };
    const { instance, vu } = exec;
    // One waits until all are active, the others until that one has ended: no thread can be too slow to see it.
    const isDone = () => vu.idInTest === 1 ? instance.vusActive === 4 : instance.iterationsCompleted > 0;
    exports.default = async () => {
      while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 5));
      console.log(instance.vusInitialized);
    };`,
    {},
  );
  expect(result.said).toEqual(['4', '4', '4', '4']);
});

describe('a script that ends the run from one thread', () => {
  test('by exec.test.abort stops all of them, with 108', async () => {
    const result = await runInWorkers(
      `const exec = require('k6/execution');
      exports.options = { scenarios: { s: { executor: 'constant-vus', vus: 4, duration: '30s' } } };
      exports.default = async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (exec.vu.idInTest === 2) exec.test.abort('enough');
      };`,
      {},
    );
    expect(result).toMatchObject({ exitCode: 108, reason: 'test aborted: enough' });
    expect(result.iterations.started).toBe(result.iterations.completed + result.iterations.interrupted);
  });

  test('by exec.test.fail fails the test, with 110', async () => {
    const result = await runInWorkers(
      `const exec = require('k6/execution');
      exports.options = { vus: 2, iterations: 2 };
      exports.default = () => exec.test.fail('not good');`,
      { allowInvalid: true },
    );
    expect(result).toMatchObject({ exitCode: 110 });
    expect(result.reason).toContain('not good');
  });

  test('by an error in its init code ends with 107, and its place', async () => {
    const result = await runInWorkers(
      `if (__VU === 2) throw new Error('no second');\nexports.default = () => {};\nexports.options = { vus: 2, iterations: 2 };`,
      {},
    );
    expect(result).toMatchObject({ exitCode: 107 });
    expect(result.reason).toMatch(/no second \(script\.js:1/);
  });
});

test('thousands of errors are said ten times, and counted over all threads', async () => {
  const result = await runInWorkers(
    `exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 4, iterations: 25 } } };
    exports.default = () => { throw new Error('again'); };`,
    {},
  );
  const said = result.warnings.filter((line) => line.startsWith('again'));
  expect(said.length).toBe(10);
  expect(result.warnings).toContain('90 more: iterations ended with an error');
});

const LOOP = `
  const exec = require('k6/execution');
  const { Counter } = require('k6/metrics');
  const done = new Counter('done');
  exports.options = { scenarios: { calm: { executor: 'per-vu-iterations', vus: 4, iterations: 20, maxDuration: '60s' } } };
  exports.default = async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    done.add(1);
    if (exec.vu.idInTest === 2 && exec.vu.iterationInInstance === 9) for (;;);
  };`;

test('a loop that does not end is named; its thread is given up, the others go on, and the run is invalid', async () => {
  const result = await runInWorkers(LOOP, { stuckAfterMs: 1_000, loseAfterMs: 3_000, allowInvalid: false });
  expect(result.warnings.join('\n')).toMatch(/worker 2 of 2 has not responded for 1 s in scenario calm \(VU 2\)/);
  expect(result).toMatchObject({ exit: 'invalid', exitCode: 120 });
  expect(result.reason).toContain('worker 2 of 2 was lost: it did not respond for 3 s in scenario calm (VU 2)');
  const { started, completed, interrupted } = result.iterations;
  expect(started).toBe(completed + interrupted);
  expect(interrupted).toBeGreaterThanOrEqual(1);
  // VUs 1 and 3 are in the other thread.
  expect(completed).toBeGreaterThanOrEqual(40);
  expect(value(result, 'done', 'count')).toBeGreaterThanOrEqual(40);
}, 30_000);

test('a run with a loop that does not end can be stopped', async () => {
  const stop = await compiledStopSignal();
  const result = await runInWorkers(LOOP, {
    stop,
    stuckAfterMs: 1_000,
    loseAfterMs: 3_000,
    onWarning: (line) => {
      if (line.includes('not responded')) stop.hard();
    },
  });
  expect(result).toMatchObject({ exit: 'interrupted', exitCode: 105 });
  expect(result.iterations.started).toBe(result.iterations.completed + result.iterations.interrupted);
}, 30_000);

test('a thread that runs out of memory is lost alone: the run goes on, says so, and is invalid', async () => {
  const script = writeScript(`
    const exec = require('k6/execution');
    const kept = [];
    exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 15, maxDuration: '60s' } } };
    exports.default = async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (exec.vu.idInTest === 1 && exec.vu.iterationInInstance === 5) for (;;) kept.push(new Array(10000).fill(kept.length));
    };`);
  const { code, stderr } = await pairstorm(emptyFolder(), ['run', script, '--workers', '2'], {
    NODE_OPTIONS: '--max-old-space-size=60',
  });
  expect(stderr).toContain('worker 1 of 2 was lost: it ran out of memory');
  expect(code).toBe(120);
}, 60_000);

test('samples of all threads are in --out, a Metric line before the first Point of each metric', async () => {
  const file = join(tmpdir(), `pairstorm-workers-${process.pid}.json`);
  const result = await runInWorkers(
    `const { Counter } = require('k6/metrics');
    const c = new Counter('c');
    exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 4, iterations: 50 } } };
    exports.default = () => c.add(1);`,
    { outputs: [{ kind: 'json', file }] },
  );
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; metric: string });
  const of = (type: string): number => lines.filter((line) => line.type === type && line.metric === 'c').length;
  expect([of('Metric'), of('Point'), value(result, 'c', 'count')]).toEqual([1, 200, 200]);
  const firstOf = (type: string): number => lines.findIndex((line) => line.type === type && line.metric === 'c');
  expect(firstOf('Metric')).toBeLessThan(firstOf('Point'));
});

test('the first exception of an iteration is known, whichever thread threw it', async () => {
  const result = await runInWorkers(
    `exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 4, iterations: 2 } } };
    exports.default = () => { if (__VU === 2) throw new Error('boom'); };`,
    {},
  );
  expect(result).toMatchObject({ exitCode: 0, iterations: { completed: 8, thrown: 2 } });
  expect(result.firstThrown).toMatch(/^boom \(script\.js:2/);
});

test('no more threads are made than there are VUs', async () => {
  const result = await runInWorkers(
    `const exec = require('k6/execution');
    exports.options = { vus: 1, iterations: 3 };
    exports.default = () => console.log(exec.instance.vusInitialized);`,
    { workers: 8 },
  );
  expect(result.said).toEqual(['1', '1', '1']);
});

test('threads together open no more connections than may be shared', async () => {
  const sockets = new Set<unknown>();
  const url = await serve((request, response) => {
    sockets.add(request.socket);
    response.end('{}');
  });
  const result = await runInWorkers(
    `const http = require('k6/http');
    exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 6, iterations: 5 } } };
    exports.default = async () => console.log((await http.asyncRequest('GET', '${url}/')).status);`,
    { workers: 3, sharedConnections: 2 },
  );
  expect(result.said).toEqual(Array<string>(30).fill('200'));
  expect(sockets.size).toBeLessThanOrEqual(2);
});

test('a loop in init code ends by Ctrl-C', async () => {
  const { child, ended } = start(emptyFolder(), ['run', writeScript('for (;;);')]);
  // Nothing can be heard from within the loop: the signal is sent until it is heeded.
  const timer = setInterval(() => child.kill('SIGINT'), 500);
  const { stdout } = await ended;
  clearInterval(timer);
  expect(child.signalCode).toBe('SIGINT');
  expect(stdout).toBe('');
}, 30_000);
