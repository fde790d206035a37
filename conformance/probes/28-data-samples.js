// UNKNOWN-28: tags and times of data_sent and data_received; interrupted iterations. The answer is in the samples.
import http from 'k6/http';
import { CASE, TARGET, pause } from './answer.js';

const ONCE = { executor: 'shared-iterations', vus: 1, iterations: 2 };
const CUT = { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' };

export const options = { scenarios: { s: CASE === 'interrupted' ? CUT : ONCE } };

export default async function () {
  await http.asyncRequest('GET', `${TARGET}/200`, null, { tags: { name: 'first' } });
  await http.asyncRequest('POST', `${TARGET}/echo`, 'x'.repeat(1000), { tags: { name: 'second' } });
  if (CASE === 'interrupted') await pause(3000);
}
