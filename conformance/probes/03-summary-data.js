// UNKNOWN-3: shape of `data` in handleSummary, with and without --new-machine-readable-summary; setup_data.
import { check, group } from 'k6';
import { Counter } from 'k6/metrics';
import { answer } from './answer.js';

export const options = { iterations: 2, thresholds: { mine: ['count>1'], 'mine{a:b}': [], never: ['count==0'] } };
const mine = new Counter('mine');
new Counter('never');

export function setup() {
  return { from: 'setup' };
}

export default function () {
  mine.add(1, { a: 'b' });
  group('outer', () => check(1, { one: (value) => value === 1 }));
}

export function handleSummary(data) {
  answer(3, { data });
  return {};
}
