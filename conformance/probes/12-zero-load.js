// UNKNOWN-12: zeros and contradictions in executors. See the exit code and the message.
import { CASE, answer } from './answer.js';

const rate = { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1 };
const SCENARIOS = {
  'vus-0': { executor: 'constant-vus', vus: 0, duration: '1s' },
  'iterations-0': { executor: 'shared-iterations', vus: 1, iterations: 0 },
  'vus-over-iterations': { executor: 'shared-iterations', vus: 2, iterations: 1 },
  'duration-0': { executor: 'constant-vus', vus: 1, duration: '0s' },
  'rate-0': { ...rate, rate: 0 },
  'rate-fraction': { ...rate, rate: 0.5 },
  'max-below-pre': { ...rate, preAllocatedVUs: 2, maxVUs: 1 },
  'pre-0': { ...rate, preAllocatedVUs: 0, maxVUs: 1 },
  'stages-empty': { executor: 'ramping-vus', startVUs: 1, stages: [] },
  'stages-0': { executor: 'ramping-vus', startVUs: 0, stages: [{ duration: '0s', target: 0 }] },
};

export const options = { scenarios: { s: SCENARIOS[CASE] } };

export default function () {
  answer(12, { iterated: true });
}
