// UNKNOWN-17: period, tags and last value of `vus` and `vus_max`. The answer is in the samples.
import { sleep } from 'k6';

export const options = {
  scenarios: { s: { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '5s', target: 3 }], tags: { a: 'b' } } },
};

export default function () {
  sleep(0.5);
}
