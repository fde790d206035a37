// UNKNOWN-33: names of metrics in remote write, sent to the target's /prometheus (probes.json sets the variables).
import http from 'k6/http';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { TARGET } from './answer.js';

const metrics = [
  new Counter('c'),
  new Counter('c_time', true),
  new Gauge('g'),
  new Rate('r'),
  new Trend('t'),
  new Trend('t_time', true),
];

export const options = { iterations: 1 };

export default async function () {
  await http.asyncRequest('GET', `${TARGET}/200`);
  for (const metric of metrics) metric.add(1234);
}
