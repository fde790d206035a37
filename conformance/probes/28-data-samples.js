// UNKNOWN-28: tags and moments of data_sent and data_received; interrupted iterations. The answer is in the samples.
import { sleep } from 'k6';
import http from 'k6/http';
import { CASE, TARGET } from './answer.js';

const ONCE = { executor: 'shared-iterations', vus: 1, iterations: 2 };
const CUT = { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' };

export const options = { scenarios: { s: CASE === 'interrupted' ? CUT : ONCE } };

export default function () {
  http.get(`${TARGET}/200`, { tags: { name: 'first' } });
  http.post(`${TARGET}/echo`, 'x'.repeat(1000), { tags: { name: 'second' } });
  if (CASE === 'interrupted') sleep(3);
}
