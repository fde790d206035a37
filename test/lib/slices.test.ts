import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sliceInventory, userOf } from '../../lib/population/slices.ts';

test('slices of an inventory never overlap, leave no gap, and give every scenario a user', () => {
  const plans = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.double({ min: 0.5, max: 1e6, noNaN: true }), {
    minKeys: 1,
    maxKeys: 6,
  });
  fc.assert(
    fc.property(plans, fc.integer({ min: 6, max: 20_000 }), (planned, users) => {
      const slices = Object.values(sliceInventory(users, planned));
      let next = 0;
      for (const { offset, length } of slices) {
        expect(offset).toBe(next);
        expect(length).toBeGreaterThan(0);
        next = offset + length;
      }
      expect(next).toBe(users);
    }),
  );
});

test('iterations of one scenario walk its slice and say when it begins again', () => {
  const slice = { offset: 10, length: 3 };
  const played = [0, 1, 2, 3, 4].map((iteration) => userOf(slice, iteration));
  expect(played.map(({ index }) => index)).toEqual([10, 11, 12, 10, 11]);
  expect(played.map(({ again }) => again)).toEqual([false, false, false, true, true]);
});
