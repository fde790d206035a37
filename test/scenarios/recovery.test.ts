import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeOf, recoveryMs } from '../../scenarios/resilience/recovery.ts';
import type { Bin } from '../../scenarios/resilience/recovery.ts';

const good: Bin = { failed: 0, mismatch: 0, p95Ms: 100 };
const slow: Bin = { ...good, p95Ms: 101 };
const failing: Bin = { ...good, failed: 0.01 };
const off: Bin = { ...good, mismatch: 0.01 };
const range = rangeOf([good, { ...good, p95Ms: 90 }]);
const recovered = (...bins: (Bin | undefined)[]): number | undefined => recoveryMs(range, bins, 500);

describe('the recovery time', () => {
  test('is nothing where all is in the range at once, however long one looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (n) => {
        expect(recovered(...Array<Bin>(n).fill(good))).toBe(0);
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

  test('does not take one or two good bins among bad ones for it', () => {
    expect(recovered(good, slow, good, good, failing, good, good, good)).toBe(2500);
  });

  test('goes over bins in which nothing was asked', () => {
    expect(recovered(slow, undefined, good, undefined, good, good)).toBe(1000);
  });

  test('is not known where it did not come, or where there is nothing to compare with', () => {
    expect(recovered(slow, slow)).toBeUndefined();
    expect(recovered(undefined)).toBeUndefined();
    expect(recovered()).toBeUndefined();
    expect(recoveryMs(rangeOf([undefined]), [good], 500)).toBeUndefined();
  });

  test('begins a run of bins within the range, and no earlier bin does', () => {
    const bin = fc.constantFrom(good, slow, failing, off, undefined);
    fc.assert(
      fc.property(fc.array(bin, { maxLength: 20 }), (bins) => {
        const known = bins.flatMap((found, at) => (found === undefined ? [] : [{ at, good: found === good }]));
        const begins = known.filter((_, from) => known.slice(from, from + 3).every((entry) => entry.good));
        expect(recovered(...bins)).toBe(begins.length === 0 ? undefined : begins[0]!.at * 500);
      }),
    );
  });
});
