// UNKNOWN-17: period, tags and last value of `vus` and `vus_max`. The answer is in the samples.
import { pause } from './answer.js';

export const options = {
  scenarios: { s: { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '5s', target: 3 }], tags: { a: 'b' } } },
};

export default async function () {
  await pause(500);
}
