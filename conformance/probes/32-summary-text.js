// UNKNOWN-32: text of the summary, compact and full, with and without summaryTimeUnit. The answer is stdout as it is.
import { check, group } from 'k6';
import http from 'k6/http';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { CASE, TARGET } from './answer.js';

const metrics = [
  new Counter('c'),
  new Counter('c_zero'),
  new Gauge('g'),
  new Rate('r'),
  new Trend('t'),
  new Trend('ms', true),
];

export const options = {
  scenarios: { one: { executor: 'shared-iterations', vus: 1, iterations: 3 } },
  thresholds: { http_req_duration: ['p(95)<5000'], c: ['count>99'], 't{a:b}': [] },
  ...(CASE.includes('unit') ? { summaryTimeUnit: 'ms' } : {}),
};

export default function () {
  group('outer', () =>
    group('inner', () => check(http.get(`${TARGET}/200`), { good: ({ status }) => status === 200, bad: () => false })),
  );
  for (const metric of metrics) if (metric.name !== 'c_zero') metric.add(1234.5678, { a: 'b' });
}
