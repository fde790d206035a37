// UNKNOWN-18: samples of interrupted, throwing, aborted iterations, setup and teardown. The answer is in the samples.
import exec from 'k6/execution';
import { CASE, answer, pause } from './answer.js';

const INTERRUPTED = { s: { executor: 'constant-vus', vus: 1, duration: '2s', gracefulStop: '0s' } };
const ONCE = { s: { executor: 'shared-iterations', vus: 1, iterations: 1 } };

export const options = { scenarios: CASE === 'interrupted' ? INTERRUPTED : ONCE };

export async function setup() {
  await pause(200);
}

export default async function () {
  if (CASE === 'interrupted') await pause(5000);
  if (CASE === 'thrown') throw new Error('on purpose');
  if (CASE === 'aborted') exec.test.abort('on purpose');
}

export function teardown() {
  const { iterationsCompleted, iterationsInterrupted } = exec.instance;
  answer(18, { iterationsCompleted, iterationsInterrupted });
}
