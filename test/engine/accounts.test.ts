import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StopSignal } from '../../engine/stop-signal.ts';
import { runScript, value } from './script-fixture.ts';

const few = fc.integer({ min: 1, max: 6 });
const ms = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map((n) => `${n}ms`);
const stages = fc.array(fc.record({ duration: ms(10, 80), target: fc.integer({ min: 0, max: 60 }) }), {
  minLength: 1,
  maxLength: 3,
});
const graceful = { gracefulStop: ms(0, 60), startTime: ms(0, 40) };

/** A scenario of any executor, short. */
const scenario = fc.oneof(
  fc.record({
    executor: fc.constant('shared-iterations'),
    vus: few,
    iterations: fc.integer({ min: 6, max: 40 }),
    maxDuration: ms(20, 200),
    ...graceful,
  }),
  fc.record({
    executor: fc.constant('per-vu-iterations'),
    vus: few,
    iterations: few,
    maxDuration: ms(20, 200),
    ...graceful,
  }),
  fc.record({ executor: fc.constant('constant-vus'), vus: few, duration: ms(20, 150), ...graceful }),
  fc.record({
    executor: fc.constant('ramping-vus'),
    startVUs: few,
    gracefulRampDown: ms(0, 30),
    stages: stages.map((list) => list.map((stage) => ({ ...stage, target: stage.target % 7 }))),
    ...graceful,
  }),
  fc.record({
    executor: fc.constant('constant-arrival-rate'),
    rate: fc.integer({ min: 1, max: 200 }),
    duration: ms(20, 150),
    preAllocatedVUs: few,
    ...graceful,
  }),
  fc.record({
    executor: fc.constant('ramping-arrival-rate'),
    startRate: few,
    stages,
    preAllocatedVUs: few,
    ...graceful,
  }),
);

/** How a run may be ended before its plan is. */
const ending = fc.record({
  how: fc.constantFrom('plan', 'graceful', 'hard', 'abort'),
  afterMs: fc.integer({ min: 0, max: 150 }),
});

test('planned = started + dropped and started = completed + interrupted, however a run is made up and ended', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(scenario, { minLength: 1, maxLength: 3 }),
      ending,
      fc.integer({ min: 0, max: 40 }),
      async (list, { how, afterMs }, pauseMs) => {
        const stop = new StopSignal();
        const timer = setTimeout(
          () => (how === 'hard' ? stop.hard() : how === 'graceful' ? stop.graceful() : undefined),
          afterMs,
        );
        const result = await runScript(
          `const exec = require('k6/execution');
        exports.options = { scenarios: ${JSON.stringify(Object.fromEntries(list.map((one, at) => [`s${at}`, one])))} };
        exports.default = async () => {
          await new Promise((resolve) => setTimeout(resolve, exec.vu.idInTest % 2 === 0 ? ${pauseMs} : 1));
          if (exec.vu.idInTest === 3) throw new Error('one user fails');
          if (${how === 'abort'} && exec.instance.currentTestRunDuration > ${afterMs}) exec.test.abort();
        };`,
          { stop },
        );
        clearTimeout(timer);
        const { planned, started, completed, interrupted, dropped } = result.iterations;
        expect(result.exitCode, result.reason).not.toBe(104);
        expect(planned).toBe(started + dropped);
        expect(started).toBe(completed + interrupted);
        expect(value(result, 'iterations', 'count') ?? 0).toBe(completed);
        expect(value(result, 'dropped_iterations', 'count') ?? 0).toBe(dropped);
      },
    ),
    { numRuns: 20 },
  );
}, 60_000);
