// UNKNOWN-30: a duplicate name, bad names, bad values, bad tags; case `throw` with the option `throw`.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { CASE, answer, attempt } from './answer.js';

export const options = { iterations: 1, throw: CASE === 'throw' };

const make = (what, create) => answer(30, { make: what, ...attempt(() => create().name) });
make('same type', () => [new Counter('twice'), new Counter('twice')][1]);
make('other type', () => new Trend('twice'));
make('other isTime', () => [new Trend('timed', true), new Trend('timed', false)][1]);
make('built-in name', () => new Counter('http_reqs'));
for (const name of ['', '1a', 'a-b', 'ä', 'a'.repeat(128), 'a'.repeat(129), 'a b']) make(name, () => new Counter(name));

const metrics = [new Counter('c'), new Gauge('g'), new Rate('r'), new Trend('t')];
const VALUES = {
  NaN: NaN,
  text: 'abc',
  numeric: '5',
  null: null,
  true: true,
  infinity: Infinity,
  object: {},
  negative: -1,
};
const TAGS = { number: { a: 1 }, null: { a: null }, object: { a: {} }, list: ['x'], text: 'a:b', boolean: { a: true } };

export default function () {
  for (const metric of metrics) {
    for (const [kind, value] of Object.entries(VALUES)) {
      answer(30, { metric: metric.name, add: kind, ...attempt(() => String(metric.add(value))) });
    }
    answer(30, { metric: metric.name, add: 'nothing', ...attempt(() => String(metric.add())) });
  }
  for (const [kind, tags] of Object.entries(TAGS)) {
    answer(30, { tags: kind, ...attempt(() => String(metrics[0].add(1, tags))) });
  }
}

export function handleSummary(data) {
  for (const { name } of metrics) answer(30, { name, values: (data.metrics[name] || {}).values || null });
  return {};
}
