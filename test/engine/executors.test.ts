import { expect, test, vi } from 'vitest';
import { StopSignal } from '../../engine/stop-signal.ts';
import { holdAnswers } from './held-answers.ts';
import { runScript, serve, value } from './script-fixture.ts';

// A machine that stood still runs overdue timers in the order in which they were due. So a test may rest on that order, and on
// events, but not on how many pauses fit into a window.
const PAUSE = 'const pause = (ms) => new Promise((r) => setTimeout(r, ms));';
const NEVER = 'const never = () => new Promise(() => {});';

/** Whatever an executor does, every iteration is accounted for. */
function expectHonest({ iterations }: Awaited<ReturnType<typeof runScript>>): void {
  expect(iterations.started).toBe(iterations.completed + iterations.interrupted);
  expect(iterations.planned).toBe(iterations.started + iterations.dropped);
}

test('shared-iterations does exactly the given number, and a faster VU does more', async () => {
  const slow = await holdAnswers();
  const said: string[] = [];
  const result = await runScript(
    `const http = require('k6/http');
     exports.options = { scenarios: { s: { executor: 'shared-iterations', vus: 2, iterations: 21 } } };
     exports.default = async () => { if (__VU === 1) await http.asyncRequest('GET', __ENV.BASE); console.log(__VU); };`,
    {
      env: { BASE: slow.base },
      onConsole: (_level, vu) => {
        said.push(vu);
        if (said.length === 20) slow.release();
      },
    },
  );
  expect(said).toEqual([...Array<string>(20).fill('2'), '1']);
  expect(result.iterations).toEqual({ planned: 21, started: 21, completed: 21, interrupted: 0, dropped: 0, thrown: 0 });
});

test('iterations that maxDuration cuts off are dropped or interrupted, and counted', async () => {
  const result = await runScript(`${NEVER}
    exports.options = { scenarios: { s: { executor: 'shared-iterations', vus: 3, iterations: 10, maxDuration: '150ms', gracefulStop: '0s' } } };
    exports.default = () => __VU === 3 ? console.log('done') : never();
  `);
  // VU 3 does what is left in 150 ms, be it all; what the others began never ends.
  const done = result.said.length;
  expect(done).toBeGreaterThanOrEqual(1);
  expect(result.iterations).toMatchObject({ planned: 10, completed: done, interrupted: 2, started: done + 2 });
  expectHonest(result);
  expect(value(result, 'iterations', 'count')).toBe(done);
  const none = await runScript(`${NEVER}
    exports.options = { scenarios: { s: { executor: 'shared-iterations', vus: 2, iterations: 10, maxDuration: '150ms', gracefulStop: '0s' } } };
    exports.default = never;
  `);
  expect(none.iterations).toEqual({ planned: 10, started: 2, completed: 0, interrupted: 2, dropped: 8, thrown: 0 });
  expect(value(none, 'dropped_iterations', 'count')).toBe(8);
});

test('per-vu-iterations gives each VU its own number', async () => {
  const result = await runScript(`
    const exec = require('k6/execution');
    exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 4 } } };
    exports.default = () => console.log(exec.vu.idInTest, exec.vu.iterationInScenario, exec.scenario.iterationInTest);
  `);
  expect(result.said.map((line) => line.split(' ').slice(0, 2).join(' ')).sort()).toEqual(
    [1, 2, 3].flatMap((vu) => [0, 1, 2, 3].map((iteration) => `${vu} ${iteration}`)),
  );
  expect(new Set(result.said.map((line) => line.split(' ')[2])).size).toBe(12);
});

test('constant-vus keeps its VUs busy, even when iterations never wait', async () => {
  const stop = new StopSignal();
  const said: string[] = [];
  const result = await runScript(
    `exports.options = { vus: 2, duration: '10m' }; exports.default = () => console.log(__VU);`,
    {
      stop,
      onConsole: (_level, vu) => {
        said.push(vu);
        if (said.length === 100) stop.graceful();
      },
    },
  );
  expect(said.length).toBeGreaterThanOrEqual(100);
  for (const vu of ['1', '2']) expect(said.filter((one) => one === vu).length).toBeGreaterThan(10);
  expectHonest(result);
});

test('constant-vus ends when its time is over, even when iterations never wait', async () => {
  const result = await runScript(`exports.options = { vus: 2, duration: '200ms' }; exports.default = () => {};`);
  expect(result).toMatchObject({ exitCode: 0, iterations: { interrupted: 0, dropped: 0 } });
  expect(result.durationMs).toBeGreaterThanOrEqual(199);
  expectHonest(result);
});

test('ramping-vus runs as many VUs as the stages want at most, and no more', async () => {
  const result = await runScript(`${NEVER}
    const exec = require('k6/execution');
    exports.options = { scenarios: { s: { executor: 'ramping-vus', startVUs: 1, gracefulRampDown: '0s', gracefulStop: '0s',
      stages: [{ duration: '200ms', target: 4 }, { duration: '0s', target: 2 }, { duration: '200ms', target: 2 }] } } };
    exports.default = () => { console.log(exec.instance.vusActive); return never(); };
  `);
  expect(result.said).toEqual(['1', '2', '3', '4']);
  expect(result.iterations).toEqual({ planned: 4, started: 4, completed: 0, interrupted: 4, dropped: 0, thrown: 0 });
});

test('constant-arrival-rate starts the planned number when VUs are free', async () => {
  const result = await runScript(`${PAUSE}
    exports.options = { scenarios: { s: { executor: 'constant-arrival-rate', rate: 100, duration: '500ms', preAllocatedVUs: 50 } } };
    exports.default = () => pause(5);
  `);
  expect(result.iterations).toEqual({ planned: 50, started: 50, completed: 50, interrupted: 0, dropped: 0, thrown: 0 });
  expect(result.startLag).not.toBeNull();
});

test('an arrival that is due less than a millisecond before the end of the plan is started', async () => {
  // 0, 333.3, 666.6 and 999.9 ms.
  const result = await runScript(`
    const scenario = { executor: 'constant-arrival-rate', rate: 10, timeUnit: '3333ms', duration: '1s', preAllocatedVUs: 4 };
    exports.options = { scenarios: { even: scenario, short: { ...scenario, gracefulStop: '0s' } } };
    exports.default = () => {};
  `);
  expect(result.iterations).toEqual({ planned: 8, started: 8, completed: 8, interrupted: 0, dropped: 0, thrown: 0 });
});

test('an arrival without a free VU is dropped, never queued; up to maxVUs a new VU is made', async () => {
  const result = await runScript(`${NEVER}
    const exec = require('k6/execution');
    exports.options = { scenarios: { s: { executor: 'constant-arrival-rate', rate: 20, duration: '500ms', preAllocatedVUs: 1, maxVUs: 2, gracefulStop: '0s' } } };
    exports.default = () => { console.log(exec.scenario.iterationInTest); return never(); };
  `);
  expect(result.iterations).toEqual({ planned: 10, started: 2, completed: 0, interrupted: 2, dropped: 8, thrown: 0 });
  expect(result.said).toEqual(['0', '1']);
  expect(value(result, 'dropped_iterations', 'count')).toBe(8);
  expect(result.warnings.filter((line) => line.startsWith('Insufficient VUs, reached 2 active VUs'))).toHaveLength(1);
});

test('ramping-arrival-rate starts the integral of its rate', async () => {
  const result = await runScript(`
    exports.options = { scenarios: { s: { executor: 'ramping-arrival-rate', startRate: 0, preAllocatedVUs: 20,
      stages: [{ duration: '400ms', target: 100 }, { duration: '200ms', target: 100 }] } } };
    exports.default = () => {};
  `);
  expect(result.iterations.planned).toBe(40);
  expectHonest(result);
});

test('scenarios start at their time, share VUs, and give them their own env, tags and function', async () => {
  const result = await runScript(`
    const exec = require('k6/execution'); const { Counter } = require('k6/metrics'); const c = new Counter('c');
    exports.options = { thresholds: { 'c{phase:late}': ['count==1'], 'c{scenario:one}': ['count==1'] }, scenarios: {
      one: { executor: 'shared-iterations', exec: 'first', env: { WHO: 'first' }, gracefulStop: '0s', maxDuration: '100ms' },
      two: { executor: 'shared-iterations', exec: 'second', startTime: '150ms', tags: { phase: 'late' } } } };
    exports.first = () => { c.add(1); console.log(exec.scenario.name, __ENV.WHO, __VU); };
    exports.second = () => { c.add(1); console.log(exec.scenario.name, __ENV.WHO, __VU, __ITER); };
  `);
  expect(result.said).toEqual(['one first 1', 'two undefined 1 1']);
  expect(result.exitCode).toBe(0);
});

test('a graceful stop lets running iterations finish, a hard one cuts them off; both end with 105 and a summary', async () => {
  const script = `${PAUSE}
    exports.options = { vus: 2, duration: '60s' };
    exports.default = async () => { console.log('start'); await pause(300); console.log('end'); };
    exports.teardown = () => console.log('teardown');
  `;
  for (const kind of ['graceful', 'hard'] as const) {
    const stop = new StopSignal();
    let seen = 0;
    const said: string[] = [];
    const result = await runScript(script, {
      stop,
      onConsole: (_level, line) => {
        said.push(line);
        if (line === 'start' && ++seen === 2) stop[kind]();
      },
    });
    expect(result).toMatchObject({ exitCode: 105, verdict: 'interrupted', reason: 'stopped by the user' });
    expect(said).toEqual(
      kind === 'graceful' ? ['start', 'start', 'end', 'end', 'teardown'] : ['start', 'start', 'teardown'],
    );
    expect(result.iterations).toEqual({
      planned: 2,
      started: 2,
      completed: kind === 'graceful' ? 2 : 0,
      interrupted: kind === 'graceful' ? 0 : 2,
      dropped: 0,
      thrown: 0,
    });
    expect(result.summary.state.testRunDurationMs).toBeGreaterThan(0);
  }
});

test('minIterationDuration holds a VU back', async () => {
  const result = await runScript(`
    exports.options = { iterations: 3, minIterationDuration: '60ms' };
    exports.default = () => console.log(__ITER);
  `);
  expect(result.said).toEqual(['0', '1', '2']);
  // From the first start to the third there are two of them at least. A timer may fire a little early.
  expect(result.durationMs).toBeGreaterThanOrEqual(115);
});

test('a VU that cannot be made in mid-test ends the run with the error of its init code', async () => {
  const result = await runScript(`
    if (__VU === 2) throw new Error('no second');
    exports.options = { scenarios: { s: { executor: 'constant-arrival-rate', rate: 50, duration: '30s', preAllocatedVUs: 1, maxVUs: 2 } } };
    exports.default = () => new Promise((r) => setTimeout(r, 5000));
    exports.teardown = () => console.log('teardown');
  `);
  expect(result).toMatchObject({ exitCode: 107, verdict: 'error' });
  expect(result.reason).toMatch(/^no second \(script\.js:2:/);
  expect(result.said).toEqual(['teardown']);
  expectHonest(result);
});

test('an interrupted iteration leaves no timer, no request and no sample of its end behind', async () => {
  const open = new Set<object>();
  const stop = new StopSignal();
  let asked = 0;
  const base = await serve((request) => {
    open.add(request.socket);
    request.socket.on('close', () => open.delete(request.socket));
    if (++asked === 2) stop.hard();
  });
  const result = await runScript(
    `const http = require('k6/http');
     exports.options = { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '10m' } } };
     exports.default = async () => { setInterval(() => {}, 10); await http.asyncRequest('GET', __ENV.BASE); console.log('never'); };`,
    { env: { BASE: base }, stop },
  );
  expect(result.iterations).toEqual({ planned: 2, started: 2, completed: 0, interrupted: 2, dropped: 0, thrown: 0 });
  expect(result.summary.metrics).not.toHaveProperty('iterations');
  expect(result.summary.metrics).not.toHaveProperty('http_reqs');
  expect(value(result, 'data_sent', 'count')).toBeGreaterThan(0);
  expect(result.said).toEqual([]);
  await vi.waitFor(() => expect(open.size).toBe(0));
});
