import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeOf, recoveryMs } from '../../scenarios/resilience/recovery.ts';
import type { Slot } from '../../scenarios/resilience/recovery.ts';

const good: Slot = { failed: 0, mismatch: 0, p95Ms: 100 };
const slow: Slot = { ...good, p95Ms: 101 };
const failing: Slot = { ...good, failed: 0.01 };
const off: Slot = { ...good, mismatch: 0.01 };
const range = rangeOf([good, { ...good, p95Ms: 90 }]);
const recovered = (...slots: (Slot | undefined)[]): number | undefined => recoveryMs(range, slots, 500);

describe('the recovery time', () => {
  test('is nothing where all is in the range at once, however long one looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (n) => {
        expect(recovered(...Array<Slot>(n).fill(good))).toBe(0);
      }),
    );
  });

  test.each([
    ['latency', slow],
    ['failed requests', failing],
    ['flows unexpected', off],
  ])('waits for %s', (_measure, bad) => {
    expect(recovered(bad, bad, good, good, good)).toBe(1000);
  });

  test('does not take one or two good slots among bad ones for it', () => {
    expect(recovered(good, slow, good, good, failing, good, good, good)).toBe(2500);
  });

  test('goes over slots in which nothing was asked', () => {
    expect(recovered(slow, undefined, good, undefined, good, good)).toBe(1000);
  });

  test('is not known where it did not come, or where there is nothing to compare with', () => {
    expect(recovered(slow, slow)).toBeUndefined();
    expect(recovered(undefined)).toBeUndefined();
    expect(recovered()).toBeUndefined();
    expect(recoveryMs(rangeOf([undefined]), [good], 500)).toBeUndefined();
  });

  test('begins a run of slots within the range, and no earlier slot does', () => {
    const slot = fc.constantFrom(good, slow, failing, off, undefined);
    fc.assert(
      fc.property(fc.array(slot, { maxLength: 20 }), (slots) => {
        const known = slots.flatMap((found, at) => (found === undefined ? [] : [{ at, good: found === good }]));
        const begins = known.filter((_, from) => known.slice(from, from + 3).every((entry) => entry.good));
        expect(recovered(...slots)).toBe(begins.length === 0 ? undefined : begins[0]!.at * 500);
      }),
    );
  });
});
