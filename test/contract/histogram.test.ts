import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HISTOGRAM_RELATIVE_ERROR, Histogram } from '../../contract/histogram.ts';

const values = fc.array(
  fc.oneof(
    fc.double({ min: 1e-5, max: 1e9, noNaN: true }),
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.constantFrom(0, 1, 1, 64, 128),
  ),
  { minLength: 1, maxLength: 200 },
);

function histogramOf(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of list) histogram.record(value);
  return histogram;
}

/** The reference: linear interpolation in the sorted values. */
function exact(
  list: readonly number[],
  p: number,
): { readonly low: number; readonly high: number; readonly value: number } {
  const sorted = [...list].sort((a, b) => a - b);
  const rank = (p / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)]!;
  const high = sorted[Math.ceil(rank)]!;
  return { low, high, value: low + (rank - Math.floor(rank)) * (high - low) };
}

test('a percentile lies within 1/128 of the interpolation in the sorted values', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 100, noNaN: true }), (list, p) => {
      const { low, high, value } = exact(list, p);
      const slack = HISTOGRAM_RELATIVE_ERROR * Math.max(Math.abs(low), Math.abs(high)) + 2 ** -20;
      expect(Math.abs(histogramOf(list).percentile(p) - value)).toBeLessThanOrEqual(slack);
    }),
  );
});

test('percentiles never fall as p rises, and both ends are exact', () => {
  fc.assert(
    fc.property(values, (list) => {
      const histogram = histogramOf(list);
      const read = [0, 1, 10, 25, 50, 75, 90, 99, 99.9, 100].map((p) => histogram.percentile(p));
      for (let i = 1; i < read.length; i++) expect(read[i]!).toBeGreaterThanOrEqual(read[i - 1]!);
      expect(read[0]).toBe(Math.min(...list) + 0);
      expect(read.at(-1)).toBe(Math.max(...list) + 0);
    }),
  );
});

test('a bucket holds more than 2^32 values, and merges with others that do', () => {
  const many = (count: number): Histogram =>
    Histogram.decode({
      count,
      sum: count,
      min: 1,
      max: 1,
      zero: 0,
      positive: histogramOf([1]).encode().positive.with(1, count),
      negative: [],
    });
  const whole = many(2 ** 32 - 1);
  whole.merge(histogramOf([1, 0.5, 1_000]));
  expect(whole.encode().positive.filter((_, at) => at % 2 === 1)).toEqual([1, 2 ** 32, 1]);
  whole.merge(many(2 ** 40));
  expect(Histogram.decode(whole.encode()).encode()).toEqual(whole.encode());
  expect(whole.encode().positive).toContain(2 ** 40 + 2 ** 32);
  expect(whole.percentile(50)).toBeCloseTo(1, 1);
});

test('parts merged are the whole, in any order', () => {
  fc.assert(
    fc.property(values, values, (left, right) => {
      const whole = histogramOf([...left, ...right]).encode();
      for (const [a, b] of [
        [left, right],
        [right, left],
      ] as const) {
        const merged = histogramOf(a);
        merged.merge(histogramOf(b));
        const { sum, ...rest } = merged.encode();
        const { sum: wholeSum, ...wholeRest } = whole;
        expect(rest).toEqual(wholeRest);
        // Sums of doubles depend on their order in the last bits.
        expect(sum).toBeCloseTo(wholeSum, 3);
      }
    }),
  );
});

test('a histogram survives its way through JSON', () => {
  fc.assert(
    fc.property(values, (list) => {
      const encoded = histogramOf(list).encode();
      expect(Histogram.decode(JSON.parse(JSON.stringify(encoded)) as typeof encoded).encode()).toEqual(encoded);
    }),
  );
  expect(Histogram.decode(new Histogram().encode()).count).toBe(0);
});

test('counts that do not add up are refused', () => {
  const encoded = histogramOf([1, 2, 3]).encode();
  expect(() => Histogram.decode({ ...encoded, count: 4 })).toThrow('the buckets hold 3 values, count says 4');
  expect(() => Histogram.decode({ ...encoded, positive: [1, 3] })).toThrow('no bucket has the key 1');
});

test('an encoded histogram that cannot be one adds nothing', () => {
  const whole = histogramOf([1, 2, 2, -3, 0]).encode();
  const broken = [
    { positive: [...whole.positive, 30_000_000] },
    { negative: [...whole.negative, 70_000] },
    { zero: -1, count: whole.count - 2 },
    { positive: [whole.positive[0]!, -1, whole.positive[2]!, 4] },
  ];
  const histogram = new Histogram();
  for (const part of broken) expect(() => histogram.mergeEncoded({ ...whole, ...part })).toThrow(RangeError);
  expect(histogram.encode()).toEqual(new Histogram().encode());
});
