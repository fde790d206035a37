// UNKNOWN-13: when VUs start and stop in a ramp. Each VU logs the start of its first and of its last iteration.
import exec from 'k6/execution';
import { CASE, answer, pause } from './answer.js';

const stage = (target, duration = '10s') => ({ duration, target });
const STAGES = {
  'one-more': { startVUs: 1, stages: [stage(2, '30s')] },
  mountains: { startVUs: 0, stages: [stage(5), stage(2), stage(7)] },
  jump: { startVUs: 1, stages: [stage(4, '0s'), stage(4, '2s'), stage(1, '0s'), stage(1, '2s')] },
};

export const options = {
  scenarios: { s: { executor: 'ramping-vus', gracefulRampDown: '0s', gracefulStop: '0s', ...STAGES[CASE] } },
};

export default async function () {
  answer(13, { vu: exec.vu.idInTest, atMs: Date.now() - exec.scenario.startTime });
  await pause(100);
}
