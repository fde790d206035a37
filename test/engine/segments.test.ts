import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment, segmentSequence, segmentPartition } from '../../engine/executors/execution-segment.ts';
import { planPart } from '../../engine/executors/table.ts';
import { UNPARTITIONED, equalPartition, subPartition } from '../../engine/executors/partition.ts';
import type { Partition } from '../../engine/executors/partition.ts';
import { readScenario } from '../../engine/scenario-options.ts';
import { runScript } from './script-fixture.ts';

/** The segments of a sequence of borders, as partitions; each again cut into equal parts for worker threads. */
const parts = fc
  .record({
    under: fc.integer({ min: 1, max: 24 }),
    cuts: fc.array(fc.integer({ min: 1, max: 23 }), { maxLength: 4 }),
    workers: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ under, cuts, workers }) => {
    const inner = [...new Set(cuts.filter((cut) => cut < under))].sort((a, b) => a - b);
    const borders = ['0', ...inner.map((cut) => `${cut}/${under}`), '1'];
    const sequence = segmentSequence(borders.join(','), 'sequence');
    return borders.slice(1).flatMap((border, at) => {
      const own = segmentPartition(segment(`${borders[at]!}:${border}`, 'segment'), sequence);
      return Array.from({ length: workers }, (_, worker) => subPartition(own, equalPartition(worker, workers)));
    });
  });

/** The first `n` of a row, as the given part sees them. */
const firstOf = (part: Partition, n: number): number[] =>
  Array.from({ length: part.count(n) }, (_, k) => part.index(k));

const upTo = (n: number): number[] => Array.from({ length: n }, (_, at) => at);

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

test('parts of any cut sum to the whole: each VU falls to exactly one of them', () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 200 }), (partitions, n) => {
      expect(ascending(partitions.flatMap((part) => firstOf(part, n)))).toEqual(upTo(n));
    }),
  );
});

test('iterations and arrivals of any cut sum to the whole, and none falls where no VU is', () => {
  const counts = fc.record({ vus: fc.integer({ min: 1, max: 30 }), more: fc.integer({ min: 0, max: 90 }) });
  fc.assert(
    fc.property(parts, counts, (partitions, { vus, more }) => {
      const iterations = vus + more;
      const plan = readScenario('s', { executor: 'shared-iterations', vus, iterations });
      const split = partitions.map((partition) => planPart(plan, partition)).filter((part) => part !== undefined);
      const sum = (of: 'vus' | 'iterations'): number =>
        split.reduce(
          (total, { plan: own }) => total + (of in own ? (own as { vus: number; iterations: number })[of] : 0),
          0,
        );
      expect(sum('vus')).toBe(vus);
      expect(sum('iterations')).toBe(iterations);
      expect(ascending(split.flatMap(({ work }) => firstOf(work, iterations)))).toEqual(upTo(iterations));
    }),
  );
});

test('a part is a pattern, not a block: a quarter of twelve is every fourth', () => {
  const quarter = segmentPartition(segment('1/4:1/2', 'segment'), undefined);
  expect(firstOf(quarter, 12)).toEqual([1, 5, 9]);
});

test('without a segment the test is whole', () => {
  expect(segmentPartition(undefined, undefined)).toBe(UNPARTITIONED);
});

test.each([
  ['1/2:1/4', 'from < to'],
  ['0:3/2', 'fractions from 0 to 1'],
  ['0:1/0', 'fractions from 0 to 1'],
  ['x', 'fractions from 0 to 1'],
])('the segment %s is refused: %s', (text, reason) => {
  expect(() => segment(text, 'options.executionSegment')).toThrow(reason);
});

test('a sequence without a segment, or one that lacks its borders, is refused', () => {
  const thirds = segmentSequence('0,1/3,2/3,1', 'sequence');
  expect(() => segmentPartition(undefined, thirds)).toThrow('set executionSegment too');
  expect(() => segmentPartition(segment('0:1/2', 'segment'), thirds)).toThrow('boundaries');
});

test.each([
  ['shared-iterations', `executor: 'shared-iterations', vus: 5, iterations: 23`, 23],
  ['per-vu-iterations', `executor: 'per-vu-iterations', vus: 5, iterations: 4`, 20],
  ['constant-arrival-rate', `executor: 'constant-arrival-rate', rate: 100, duration: '200ms', preAllocatedVUs: 20`, 20],
])('two machines with a segment each do the iterations of one: %s', async (_executor, scenario, iterations) => {
  const script = (part: string): string => `
    const exec = require('k6/execution');
    exports.options = { executionSegment: '${part}', executionSegmentSequence: '0,1/3,1', scenarios: { s: { ${scenario} } } };
    exports.default = () => console.log(exec.scenario.iterationInTest, exec.vu.idInTest);
  `;
  const runs = [await runScript(script('0:1/3')), await runScript(script('1/3:1'))];
  expect(runs.reduce((sum, run) => sum + run.iterations.planned, 0)).toBe(iterations);
  const [first, second] = runs.map((run) => run.said.map((line) => line.split(' ').map(Number)));
  if (runs.every((run) => run.iterations.dropped === 0)) {
    expect(ascending([...first!, ...second!].map(([iteration]) => iteration!))).toEqual(upTo(iterations));
  }
  const vus = new Set(first!.map(([, vu]) => vu));
  expect(second!.some(([, vu]) => vus.has(vu))).toBe(false);
});
