import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATOR_METRICS } from '../../catalogue/metrics.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import type { StoredRecord } from '../../record/read-record.ts';
import { emptyFolder, pairstorm, scriptFile } from './command.ts';

/** Metrics of all types, a check, a threshold on a sub-metric and one on a metric without samples, over two threads. */
const SCRIPT = `
  const http = require('k6/http');
  const { check } = require('k6');
  const { Counter, Gauge, Rate, Trend } = require('k6/metrics');
  const [calls, never, level, odd, size] = [new Counter('calls'), new Counter('never'), new Gauge('level'), new Rate('odd'), new Trend('size', true)];
  exports.options = {
    scenarios: { fixed: { executor: 'per-vu-iterations', vus: 6, iterations: 20, exec: 'play' } },
    thresholds: { size: ['p(95)<1000', 'max>0'], 'calls{half:a}': ['count>10'], never: ['count==0'], odd: ['rate>=0'] },
  };
  exports.play = async () => {
    calls.add(0.25 * __ITER, { half: __ITER % 2 === 0 ? 'a' : 'b' });
    level.add(__VU);
    odd.add(__ITER % 3 === 1);
    size.add(Math.sqrt(__VU * 37 + __ITER * 11));
    check(__ITER, { 'is small': (n) => n < 15 });
    await http.asyncRequest('GET', 'http://127.0.0.1:9/');
    // Past the first second, with which samples of \`vus\` begin.
    if (__ITER === 0) await new Promise((resolve) => setTimeout(resolve, 1500));
  };
  exports.handleSummary = () => ({});
`;

async function totalsOf(record: StoredRecord): Promise<SeriesTotals> {
  const totals = new SeriesTotals();
  for await (const interval of record.intervals()) totals.add(interval);
  return totals;
}

test('an import of what a run wrote by --out json is the record of that run: counts exact, histograms identical', async () => {
  const folder = emptyFolder();
  const run = [
    'run',
    scriptFile(folder, 'own.js', SCRIPT),
    '--workers',
    '2',
    '--out',
    'json=s.json.gz',
    '--allow-invalid',
  ];
  const played = await pairstorm(folder, run);
  expect(played.code, played.stderr).toBe(0);
  const results = join(folder, 'results');
  const own = openRecord(join(results, readdirSync(results)[0]!));
  const made = await pairstorm(folder, [
    'import',
    's.json.gz',
    '--started-at',
    own.run.startedAt,
    '--results',
    'imported',
  ]);
  expect(made.code, made.stderr).toBe(0);
  const imported = openRecord(join(folder, 'imported', readdirSync(join(folder, 'imported'))[0]!));
  const [a, b] = [await totalsOf(own), await totalsOf(imported)];
  const names = a
    .metrics()
    .map(({ metric }) => metric)
    .filter((metric) => !(metric in GENERATOR_METRICS));
  expect(
    b
      .metrics()
      .map(({ metric }) => metric)
      .sort(),
  ).toEqual([...names].sort());
  expect(names).toEqual(expect.arrayContaining(['calls', 'level', 'odd', 'size', 'checks', 'http_reqs', 'vus']));
  for (const metric of names) {
    const others = new Map(
      b.series(metric).map(({ tags, total }) => [JSON.stringify(Object.entries(tags).sort()), total]),
    );
    expect(a.series(metric)).toHaveLength(others.size);
    for (const { tags, total } of a.series(metric)) {
      const other = others.get(JSON.stringify(Object.entries(tags).sort()))!;
      if ('histogram' in total && 'histogram' in other) {
        const { sum, ...counts } = total.histogram.encode();
        const { sum: otherSum, ...otherCounts } = other.histogram.encode();
        expect(otherCounts, metric).toEqual(counts);
        // A sum of fractions depends on their order.
        expect(otherSum).toBeCloseTo(sum, 6);
      } else if ('sum' in total && 'sum' in other) {
        expect(other.samples, metric).toBe(total.samples);
        expect(other.sum).toBeCloseTo(total.sum, 6);
      } else if ('at' in total && 'at' in other) {
        // Two threads wrote: which of their values is the latest goes by clocks that differ by microseconds.
        expect([other.samples, other.min, other.max], metric).toEqual([total.samples, total.min, total.max]);
      } else expect(other, metric).toEqual(total);
    }
  }
  const thresholds = (record: StoredRecord): string[] =>
    record.run.end!.thresholds.map((one) => JSON.stringify(one)).sort();
  expect(thresholds(imported)).toEqual(thresholds(own));
  const { thrown, ...counted } = own.run.end!.iterations;
  expect(thrown).toBe(0);
  expect(imported.run.end).toMatchObject({
    verdict: 'pass',
    // k6's samples do not tell of iterations that threw.
    iterations: { ...counted, derived: true },
  });
});
