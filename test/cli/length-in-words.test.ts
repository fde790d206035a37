import { expect, it } from 'vitest';
import { lengthInWords } from '../../cli/load-in-words.ts';

it.each([
  [0, '0 s'],
  [1500, '1.5 s'],
  [90_000, '90 s'],
  [120_000, '2 min'],
  [195_000, '3 min 15 s'],
  [28_860_000, '8 h 1 min'],
  [360_000_000, '100 h'],
])('a length of %d ms is said as %s', (ms, words) => {
  expect(lengthInWords(ms)).toBe(words);
});
