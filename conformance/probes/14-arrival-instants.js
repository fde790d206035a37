// UNKNOWN-14: when arrival-rate iterations start, how many, and what late ticks do (case busy: the only VU is taken).
import exec from 'k6/execution';
import { CASE, answer, pause } from './answer.js';

const constant = { executor: 'constant-arrival-rate', preAllocatedVUs: 20, gracefulStop: '10s' };
const SCENARIOS = {
  'three-a-second': { ...constant, rate: 3, duration: '5s' },
  'one-in-three-seconds': { ...constant, rate: 1, timeUnit: '3s', duration: '9s' },
  'ramp-from-0': {
    executor: 'ramping-arrival-rate',
    preAllocatedVUs: 20,
    startRate: 0,
    stages: [{ duration: '10s', target: 10 }],
  },
  'ramp-down': {
    executor: 'ramping-arrival-rate',
    preAllocatedVUs: 20,
    startRate: 10,
    stages: [{ duration: '5s', target: 0 }],
  },
  busy: { ...constant, rate: 4, duration: '4s', preAllocatedVUs: 1 },
};

export const options = { scenarios: { s: SCENARIOS[CASE] } };

export default async function () {
  const { startTime, iterationInTest } = exec.scenario;
  answer(14, { iteration: iterationInTest, vu: exec.vu.idInTest, atMs: Date.now() - startTime });
  if (CASE === 'busy') await pause(600);
}
