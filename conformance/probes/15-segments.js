// UNKNOWN-15: which VUs, iterations, ticks a segment gets. Run all segments of the sequence 0,1/3,2/3,1 (probes.json).
import exec from 'k6/execution';
import { answer } from './answer.js';

export const options = {
  scenarios: {
    shared: { executor: 'shared-iterations', vus: 10, iterations: 100 },
    rate: { executor: 'constant-arrival-rate', startTime: '5s', rate: 10, duration: '3s', preAllocatedVUs: 10 },
    each: { executor: 'per-vu-iterations', startTime: '10s', vus: 10, iterations: 1 },
  },
};

export default function () {
  const { name, iterationInTest, iterationInInstance, startTime } = exec.scenario;
  const { idInTest, idInInstance } = exec.vu;
  const atMs = Date.now() - startTime;
  answer(15, { scenario: name, iterationInTest, iterationInInstance, idInTest, idInInstance, atMs });
}
