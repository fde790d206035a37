// UNKNOWN-29: sleep with odd values; the first numbers after randomSeed.
import { randomSeed, sleep } from 'k6';
import { answer, attempt } from './answer.js';

export const options = { iterations: 1 };

export default function () {
  for (const value of [-1, NaN, '0.1', null, undefined, 0.1]) {
    const from = Date.now();
    const came = attempt(() => sleep(value));
    answer(29, { sleep: String(value), type: typeof value, ...came, tookMs: Date.now() - from });
  }
  for (const seed of [1, 1, 2, -1, 1.5]) {
    const came = attempt(() => {
      randomSeed(seed);
      return [1, 2, 3, 4, 5].map(() => Math.random());
    });
    answer(29, { seed, ...came });
  }
}
