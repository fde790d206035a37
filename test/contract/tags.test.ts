import fc from 'fast-check';
import { keyOfTags } from '../../contract/series-counts.ts';
import { expect, test } from 'vitest';

const word = fc.oneof(fc.constantFrom('a', 'b', '', '"', ',', '[', '\u0000', '\u0001'), fc.string());
const tags = fc.uniqueArray(fc.tuple(word, word), { selector: ([name]) => name, maxLength: 4 });

test('two tag sets have the same key if they are the same, in whatever order, and only then', () => {
  fc.assert(
    fc.property(tags, tags, fc.nat(), (one, other, turn) => {
      const at = one.length === 0 ? 0 : turn % one.length;
      const turned = [...one.slice(at), ...one.slice(0, at)];
      expect(keyOfTags(Object.fromEntries(turned))).toBe(keyOfTags(Object.fromEntries(one)));
      const same =
        one.length === other.length && one.every(([name, value]) => other.some(([n, v]) => n === name && v === value));
      expect(keyOfTags(Object.fromEntries(other)) === keyOfTags(Object.fromEntries(one))).toBe(same);
    }),
  );
});
