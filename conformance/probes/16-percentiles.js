// UNKNOWN-16: percentiles of known samples; 1, 2, 4, 5 and 912 values.
import { Trend } from 'k6/metrics';
import { answer } from './answer.js';

const SIZES = [1, 2, 4, 5, 912];
export const options = {
  iterations: 1,
  summaryTrendStats: ['count', 'avg', 'min', 'med', 'max', 'p(0)', 'p(0.1)', 'p(33.3)', 'p(90)', 'p(99.99)', 'p(100)'],
};
const trends = SIZES.map((size) => new Trend(`of_${size}`));

export default function () {
  // 1, 4, 9, …: on these, no two interpolation methods agree.
  SIZES.forEach((size, at) => {
    for (let i = 1; i <= size; i++) trends[at].add(i * i);
  });
}

export function handleSummary(data) {
  for (const size of SIZES) answer(16, { size, values: data.metrics[`of_${size}`].values });
  return {};
}
