import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { partitionOf, UNPARTITIONED } from '../../engine/executors/partition.ts';
import type { ScenarioPlan } from '../../engine/executors/table.ts';
import { DEFAULT_YOUNG_MIB } from '../../engine/generator-health/heap-watch.ts';
import { youngGenerationMiB } from '../../engine/workers/young-generation.ts';
import { runInWorkers } from './compiled-engine.ts';

const COMMON = { startTimeMs: 0, gracefulStopMs: 30_000, exec: 'default', env: {}, tags: {} } as const;
const closed = (vus: number, startTimeMs = 0): ScenarioPlan => ({
  ...{ ...COMMON, name: `closed ${startTimeMs}`, startTimeMs },
  ...{ executor: 'constant-vus', vus, durationMs: 60_000 },
});
const arriving = (rate: number, maxVus: number): ScenarioPlan => ({
  ...{ ...COMMON, name: 'arriving', executor: 'constant-arrival-rate', rate, timeUnitMs: 1_000, durationMs: 60_000 },
  ...{ preAllocatedVus: 1, maxVus },
});
const GIB = 2 ** 30;
const limit = (plans: readonly ScenarioPlan[], threads = 1, memory = 64 * GIB): number | undefined =>
  youngGenerationMiB(plans, UNPARTITIONED, threads, memory);

test('the young generation of a thread follows the iterations that the plan has under way', () => {
  // V8 counts three semi-spaces, each a power of two.
  expect([50, 170, 171, 400, 1_500, 10_000].map((vus) => limit([closed(vus)]))).toEqual([
    ...[48, 48, 96, 192, 384, 384],
  ]);
});

test('what starts at a rate counts for a second, and never more than there are virtual users', () => {
  expect(limit([arriving(80, 5_000)])).toBe(48);
  expect(limit([arriving(500, 5_000)])).toBe(192);
  expect(limit([arriving(5_000, 100)])).toBe(48);
});

test('scenarios at the same time add up, one after another they do not', () => {
  expect(limit([closed(150), closed(150, 1_000)])).toBe(96);
  expect(limit([closed(150), closed(150, 90_000)])).toBe(48);
});

test('each thread has its part, as has each machine', () => {
  expect(limit([closed(1_500)], 8)).toBe(96);
  expect(youngGenerationMiB([closed(1_500)], partitionOf(8, [0]), 1, 64 * GIB)).toBe(96);
  expect(youngGenerationMiB([arriving(500, 5_000)], partitionOf(10, [3]), 1, 64 * GIB)).toBe(48);
});

test('all threads together take no more than an eighth of the memory', () => {
  expect(limit([closed(10_000)], 1, 1 * GIB)).toBe(192);
  expect(limit([closed(10_000)], 4, 1 * GIB)).toBe(48);
});

test('a worker thread gets the young generation that its plan needs, and the run says how much', async () => {
  const script = (vus: number): string => `
    exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: ${vus}, iterations: 1 } } };
    exports.default = () => {};`;
  const young = async (vus: number): Promise<number | undefined> =>
    (await runInWorkers(script(vus), { workers: 1, allowInvalid: true })).ownDelay!.gc.youngMiB;
  expect(await young(5)).toBe(48);
  expect(await young(300)).toBe(96);
});

test('where the engine sets no limit, it knows the one of this version of V8', async () => {
  const code = `const { parentPort, resourceLimits } = require('node:worker_threads'); parentPort.postMessage(resourceLimits);`;
  const worker = new Worker(code, { eval: true });
  const limits = await new Promise((resolve) => worker.once('message', resolve));
  expect(limits).toMatchObject({ maxYoungGenerationSizeMb: DEFAULT_YOUNG_MIB });
});
