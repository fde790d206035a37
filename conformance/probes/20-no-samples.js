// UNKNOWN-20: the verdict on metrics without samples, per type and operator.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { answer } from './answer.js';

const unused = [new Counter('c'), new Gauge('g'), new Rate('r'), new Trend('t')];
const METHODS = { c: 'count', g: 'value', r: 'rate', t: 'p(95)' };
const expressions = (method) => ['>0', '<1', '==0', '>=0.9'].map((rest) => method + rest);

export const options = {
  iterations: 1,
  thresholds: Object.fromEntries(
    Object.entries(METHODS).flatMap(([name, method]) => [
      [name, expressions(method)],
      [`${name}{a:b}`, expressions(method)],
    ]),
  ),
};

export default function () {
  answer(20, { metrics: unused.map(({ name }) => name) });
}

export function handleSummary(data) {
  for (const name of Object.keys(options.thresholds)) answer(20, { name, metric: data.metrics[name] || null });
  return {};
}
