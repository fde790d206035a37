// UNKNOWN-7: __ENV and __ITER of a VU that serves two scenarios in succession; are writes to __ENV kept?
/* global __ENV, __ITER, __VU */
import exec from 'k6/execution';
import { answer } from './answer.js';

const scenario = (more) => ({ executor: 'per-vu-iterations', vus: 1, iterations: 2, gracefulStop: '0s', ...more });
export const options = {
  scenarios: {
    first: scenario({ env: { A: 'first' } }),
    second: scenario({ startTime: '2s' }),
    third: scenario({ startTime: '4s', env: { B: 'third' } }),
  },
};

export default function () {
  const { A, B, WRITTEN } = __ENV;
  answer(7, { scenario: exec.scenario.name, vu: __VU, iter: __ITER, A, B, WRITTEN });
  __ENV.WRITTEN = exec.scenario.name;
}
