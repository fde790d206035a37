import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requireFreshUsers, sliceOffsets } from '../../lib/population/slices.ts';
import { userOf } from '../../lib/population/user-of.ts';

const plans = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.integer({ min: 1, max: 300 }), {
  minKeys: 1,
  maxKeys: 6,
});

test('while the inventory lasts, no two iterations of a run play the same user, and nobody needs a reset', () => {
  fc.assert(
    fc.property(plans, (planned) => {
      const offsets = sliceOffsets(planned);
      const played = Object.entries(planned).flatMap(([name, iterations]) =>
        Array.from({ length: iterations + 1 }, (_, iteration) => userOf(offsets[name]!, iteration, 5000)),
      );
      expect(new Set(played.map(({ index }) => index)).size).toBe(played.length);
      expect(played.some(({ again }) => again)).toBe(false);
    }),
  );
});

test('behind the last user it begins again with the first, and says so', () => {
  const played = [0, 1, 2, 3].map((iteration) => userOf(8, iteration, 10));
  expect(played).toEqual([
    { index: 8, again: false },
    { index: 9, again: false },
    { index: 0, again: true },
    { index: 1, again: true },
  ]);
});

describe('nobody is in two flows at once', () => {
  const facts = { users: 5000, meanHumanMs: 4000, longestHumanMs: 35_000, longestFlowMs: 35_000 };

  test('a run that would need users twice before their flows can have ended is refused', () => {
    expect(() => requireFreshUsers(200, 6500, facts, 1)).toThrow(
      'INVENTORY has 5000 users, and some would be in two flows at once; 200 flows/s need 6500',
    );
    expect(() => requireFreshUsers(200, 60_000, facts, 1)).toThrow('--users 8000');
  });

  test('where no inventory can be large enough, none is asked for', () => {
    expect(() => requireFreshUsers(100_000, 1e9, facts, 1)).toThrow(
      /need 4000000: start fewer flows, because "pairstorm inventory" makes up to 200000 users$/,
    );
  });

  test('a run that plays each user once, or slowly enough, is not', () => {
    requireFreshUsers(200, 5000, facts, 1);
    requireFreshUsers(125, 1e6, facts, 1);
    requireFreshUsers(200, 1e6, facts, 0.1);
  });
});
