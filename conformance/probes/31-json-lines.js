// UNKNOWN-31: keys and order of the JSON lines (in the case csv, of the CSV). The answer is the output file as it is.
import { check } from 'k6';
import http from 'k6/http';
import { Trend } from 'k6/metrics';
import { TARGET } from './answer.js';

export const options = {
  iterations: 1,
  tags: { run: 'all' },
  thresholds: { 'mine{a:b}': ['p(95)<1000'], 'http_req_duration{status:404}': [] },
};
const mine = new Trend('mine', true);

export default async function () {
  const res = await http.asyncRequest('GET', `${TARGET}/404`, null, {
    tags: { name: 'missing', 'odd key': 'a,b=c "d"' },
  });
  check(res, { 'is 404': ({ status }) => status === 404 });
  mine.add(1.5, { a: 'b' });
}
