import { expect, it } from 'vitest';
import { runScript } from './script-fixture.ts';

/**
 * Runs ramping-vus with iterations of `iterationMs`; `Infinity`: they end only when they are interrupted. A machine that stood still
 * runs overdue timers in the order in which they were due, so the moments below keep their order however late they come.
 */
async function ramp(iterationMs: number, plan: string): Promise<Awaited<ReturnType<typeof runScript>>['iterations']> {
  const { iterations } = await runScript(
    `exports.options = { scenarios: { s: { executor: 'ramping-vus', ${plan} } } };
     exports.default = () => new Promise((resolve) => { if (${iterationMs} < Infinity) setTimeout(resolve, ${iterationMs}); });`,
  );
  return iterations;
}

const DOWN_AT_ONCE = `startVUs: 1, stages: [{ duration: '0s', target: 0 }, { duration: '400ms', target: 0 }]`;

it('a VU that ramps down may finish its iteration within gracefulRampDown', async () => {
  const iterations = await ramp(100, `${DOWN_AT_ONCE}, gracefulRampDown: '20s', gracefulStop: '0s'`);
  expect(iterations).toMatchObject({ started: 1, completed: 1, interrupted: 0 });
});

it('beyond gracefulRampDown it is interrupted', async () => {
  const iterations = await ramp(Infinity, `${DOWN_AT_ONCE}, gracefulRampDown: '10ms', gracefulStop: '60s'`);
  expect(iterations).toMatchObject({ started: 1, completed: 0, interrupted: 1 });
});

it('one that is wanted again before goes on', async () => {
  const stages = `[{ duration: '0s', target: 0 }, { duration: '20ms', target: 0 }, { duration: '0s', target: 1 }, { duration: '600ms', target: 1 }]`;
  const iterations = await ramp(
    1_000,
    `startVUs: 1, stages: ${stages}, gracefulRampDown: '500ms', gracefulStop: '60s'`,
  );
  expect(iterations).toMatchObject({ started: 1, completed: 1, interrupted: 0 });
});

it('after the last stage gracefulStop counts, not gracefulRampDown', async () => {
  const stages = `[{ duration: '100ms', target: 1 }]`;
  const patient = await ramp(400, `startVUs: 1, stages: ${stages}, gracefulRampDown: '0s', gracefulStop: '60s'`);
  expect(patient).toMatchObject({ started: 1, completed: 1, interrupted: 0 });
  const impatient = await ramp(Infinity, `startVUs: 1, stages: ${stages}, gracefulRampDown: '60s', gracefulStop: '0s'`);
  expect(impatient).toMatchObject({ started: 1, completed: 0, interrupted: 1 });
});

it('startVUs is 1 unless told otherwise, and 0 starts with none', async () => {
  const stages = `stages: [{ duration: '200ms', target: 1 }], gracefulStop: '0s'`;
  expect((await ramp(Infinity, stages)).started).toBe(1);
  expect(
    (await ramp(Infinity, `startVUs: 3, stages: [{ duration: '200ms', target: 3 }], gracefulStop: '0s'`)).started,
  ).toBe(3);
  expect((await ramp(5, `startVUs: 0, stages: [{ duration: '100ms', target: 0 }]`)).started).toBe(0);
});
