import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATOR_METRICS } from '../../catalogue/metrics.ts';
import type { SummaryData } from '../../contract/figures.ts';
import { valuesOf } from '../../contract/series-counts.ts';
import type { Interval } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import type { StoredRecord } from '../../record/read-record.ts';
import { evaluateThresholds } from '../../record/record-thresholds.ts';
import { emptyFolder, pairstorm, scriptFile } from './command.ts';

/** A script with every type of metric; its counters say how often it was called. */
const SCRIPT = `
  const http = require('k6/http');
  const { Counter, Gauge, Rate, Trend } = require('k6/metrics');
  const [calls, level, odd, size] = [new Counter('calls'), new Gauge('level'), new Rate('odd'), new Trend('size', true)];
  exports.options = {
    scenarios: {
      steady: { executor: 'constant-arrival-rate', rate: 40, timeUnit: '1s', duration: '3s', preAllocatedVUs: 10, exec: 'play' },
    },
    thresholds: { size: ['p(95)<1000', 'max>0'], 'calls{half:a}': ['count>10'], odd: ['rate>=0'] },
  };
  exports.setup = async () => { calls.add(5, { half: 'setup' }); };
  exports.play = async () => {
    calls.add(1, { half: __ITER % 2 === 0 ? 'a' : 'b' });
    level.add(__ITER);
    odd.add(__ITER % 2 === 1);
    size.add((__VU * 37 + __ITER * 11) % 500);
    await http.asyncRequest('GET', 'http://127.0.0.1:9/');
  };
  exports.handleSummary = () => ({});
`;

for (const workers of ['0', '2']) {
  test(`the record of a run says the same as its summary (${workers} worker threads)`, async () => {
    const { record, intervals, summary } = await recordOf(workers);
    const totals = new SeriesTotals();
    for (const interval of intervals) totals.add(interval);
    const seconds = summary.state.testRunDurationMs / 1_000;
    const stats = summary.options.summaryTrendStats;
    for (const [selector, { values }] of Object.entries(summary.metrics)) {
      const total = totals.select(selector);
      // A selector of a threshold may have no samples.
      if (total === undefined) continue;
      const { avg, ...told } = values;
      const { avg: same, ...found } = valuesOf(total, stats, seconds);
      expect(found, selector).toEqual(told);
      // A sum of fractions depends on their order.
      if (avg !== undefined) expect(same, selector).toBeCloseTo(avg, 6);
    }
    expect(totals.select('iterations')).toMatchObject({ sum: record.run.end!.iterations.completed });
    expect(totals.select('calls{half:setup}')).toMatchObject({ sum: 5 });
    expect(evaluateThresholds(totals, record.run.thresholds, summary.state.testRunDurationMs)).toEqual(
      record.run.end!.thresholds,
    );
    for (const metric of Object.keys(GENERATOR_METRICS)) {
      const seldom = [
        'generator_gc_pause',
        'generator_failed_requests',
        'connections_opened',
        'connections_replaced',
      ].includes(metric);
      if (!seldom) expect(totals.select(metric)?.samples, metric).toBeGreaterThan(0);
      expect(Object.keys(summary.metrics)).not.toContain(metric);
    }
    expect(totals.select('generator_connections')).toMatchObject({ min: 0 });
  });

  test(`a sample stands in the interval in which it was taken (${workers} worker threads)`, async () => {
    const { record, intervals } = await recordOf(workers);
    expect(record.run).toMatchObject({ record: 'pairstorm-run', script: 'own', intervalMs: 500, host: 'engine' });
    expect(record.run.scenarios).toMatchObject([
      {
        name: 'steady',
        arrivals: [
          [0, 40],
          [3_000, 40],
        ],
        maxVus: 10,
      },
    ]);
    const started = new Map<number, number>();
    for (const { index, recorded } of intervals) {
      for (const [series, total] of recorded) {
        if (series.metric !== 'calls' || series.tags['half'] === 'setup') continue;
        started.set(index, (started.get(index) ?? 0) + total.samples);
      }
    }
    // 20 are due in each half second; a late tick takes some of the next, a busy machine leaves some to the next: as many as
    // its lateness, which the record tells, and the clocks of two threads can hold. Nothing that came in time is left to the
    // interval after the end.
    const counts = [0, 1, 2, 3, 4, 5].map((index) => started.get(index) ?? 0);
    const lag = await latestStart(record);
    const { completed, dropped } = record.run.end!.iterations;
    const late = Math.ceil(lag / 25) + 3 + dropped;
    let due = 0;
    let seen = 0;
    for (const count of counts) {
      due += 20;
      seen += count;
      expect(seen, JSON.stringify(counts)).toBeLessThanOrEqual(due + 15);
      expect(seen, `${JSON.stringify(counts)}, started up to ${lag} ms late`).toBeGreaterThanOrEqual(due - late);
    }
    expect([...started.values()].reduce((sum, count) => sum + count, 0)).toBe(completed);
  });
}

test('of a run that several machines share, the record holds the plan of its own part', async () => {
  const folder = emptyFolder();
  const part = ['--execution-segment', '1/2:1', '--execution-segment-sequence', '0,1/2,1'];
  const run = ['run', scriptFile(folder, 'own.js', SCRIPT), ...part, '--results', join(folder, 'results')];
  const { stderr } = await pairstorm(folder, [...run, '--allow-invalid', '--no-thresholds', '--quiet']);
  const { run: record } = openRecord(join(folder, 'results', readdirSync(join(folder, 'results'))[0]!));
  expect(record.scenarios, stderr).toMatchObject([
    {
      arrivals: [
        [0, 20],
        [3_000, 20],
      ],
      maxVus: 5,
    },
  ]);
  expect(record.end!.iterations.planned).toBe(60);
});

/** How late an iteration started at most, in milliseconds. */
async function latestStart(record: StoredRecord): Promise<number> {
  const totals = new SeriesTotals();
  for await (const interval of record.intervals()) totals.add(interval);
  const lag = totals.select('generator_start_lag');
  return lag !== undefined && 'histogram' in lag ? lag.histogram.max : 0;
}

const made = new Map<string, { record: StoredRecord; intervals: Interval[]; summary: SummaryData }>();

async function recordOf(
  workers: string,
): Promise<{ record: StoredRecord; intervals: Interval[]; summary: SummaryData }> {
  const known = made.get(workers);
  if (known !== undefined) return known;
  const folder = emptyFolder();
  const results = join(folder, 'results');
  const run = [
    'run',
    scriptFile(folder, 'own.js', SCRIPT),
    '--workers',
    workers,
    '--interval',
    '500ms',
    '--results',
    results,
  ];
  const { code, stderr } = await pairstorm(folder, [...run, '--allow-invalid']);
  expect(code, stderr).toBe(0);
  const path = join(results, readdirSync(results)[0]!);
  const record = openRecord(path);
  const intervals: Interval[] = [];
  for await (const interval of record.intervals()) intervals.push(interval);
  const summary = JSON.parse(readFileSync(join(path, 'summary.json'), 'utf8')) as SummaryData;
  const one = { record, intervals, summary };
  made.set(workers, one);
  return one;
}
