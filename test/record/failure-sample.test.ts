import fc from 'fast-check';
import { FAILURES_KEPT, FailureSample, kindOfFailure } from '../../record/kept-failures.ts';
import { expect, test } from 'vitest';

test('of any failures a bounded number is kept, and of each kind the first while there is room', () => {
  const kinds = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 5_000 });
  fc.assert(
    fc.property(kinds, (stream) => {
      const sample = new FailureSample();
      const kept = stream.filter((kind) => sample.take(`kind ${kind}`));
      expect(sample).toMatchObject({ seen: stream.length, kept: kept.length });
      expect(kept.length).toBeLessThanOrEqual(FAILURES_KEPT);
      expect(new Set(kept)).toEqual(new Set(stream));
    }),
    { numRuns: 40 },
  );
});

test('one kind that comes a million times leaves room for one that comes once, at the end', () => {
  const sample = new FailureSample();
  for (let at = 0; at < 1_000_000; at++) sample.take(`often ${at % 40}`);
  expect(sample.kept).toBeLessThan(FAILURES_KEPT);
  expect(sample.take('once')).toBe(true);
});

test('reasons that differ in their numbers are of one kind', () => {
  const failure = { kind: 'F4', outcome: 'http_error', reason: 'no answer within 500 ms' };
  expect(kindOfFailure({ ...failure, reason: 'no answer within 61 ms' })).toBe(kindOfFailure(failure));
  expect(kindOfFailure({ ...failure, kind: 'F5' })).not.toBe(kindOfFailure(failure));
});
