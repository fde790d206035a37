// UNKNOWN-36: group and VU tags around await, then and timers; run it with and without the flag async-metric-context.
/* global setTimeout */
import { group } from 'k6';
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import { answer, attempt } from './answer.js';

export const options = { iterations: 1 };
const mark = new Counter('mark');
const at = (where) => mark.add(1, { where });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function task(name, ms) {
  exec.vu.metrics.tags.task = name;
  at(`${name} begins`);
  await pause(ms);
  at(`${name} after await`);
  delete exec.vu.metrics.tags.task;
}

export default async function () {
  await Promise.all([task('one', 20), task('two', 40)]);
  group('sync', () => {
    at('in group');
    setTimeout(() => at('timer set in group'), 10);
    Promise.resolve().then(() => at('then in group'));
  });
  await pause(50);
  answer(36, { asyncGroup: attempt(() => typeof group('async', async () => at('in async group'))) });
}
