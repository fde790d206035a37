// UNKNOWN-37: one tag set on test, scenario, VU and call; the lifetime of VU tags. The answer is in the samples.
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { TARGET } from './answer.js';

const mine = new Counter('mine');
const once = { executor: 'per-vu-iterations', vus: 1, iterations: 1 };

export const options = {
  tags: { level: 'test', onlyTest: '1' },
  scenarios: {
    first: { ...once, tags: { level: 'scenario', onlyScenario: '1' } },
    second: { ...once, startTime: '2s', tags: { level: 'scenario' } },
  },
};

export default async function () {
  mine.add(1, { step: 'before' });
  exec.vu.metrics.tags.level = 'vu';
  exec.vu.metrics.tags.scenario = 'mine';
  exec.vu.metrics.tags.name = 'from the VU';
  mine.add(1, { step: 'vu' });
  mine.add(1, { step: 'call', level: 'call' });
  await http.asyncRequest('GET', `${TARGET}/200`, null, { tags: { level: 'call' } });
  await http.asyncRequest('GET', `${TARGET}/200`);
  check(1, { one: () => true }, { level: 'call' });
}
