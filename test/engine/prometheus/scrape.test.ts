import { expect, test } from 'vitest';
import { Histogram } from '../../../contract/histogram.ts';
import type { EncodedHistogram } from '../../../contract/histogram.ts';
import { readTrendStats } from '../../../engine/outputs/prometheus/trend-stats.ts';
import { NEVER, PLAN, interval, open, series } from './a-run.ts';

const TARGET = { kind: 'prometheus', host: '127.0.0.1', port: 0 } as const;
const OUTCOME = {
  verdict: 'fail',
  exitCode: 99,
  durationMs: 1_500,
  thresholds: [{ metric: 'http_req_duration{peer:pf}', expression: 'p(95)<500', value: 612.5, ok: false }],
} as const;

function histogramOf(...values: readonly number[]): EncodedHistogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.encode();
}

const urlIn = (said: readonly string[]): string => /http:\S+\/metrics/.exec(said.join())![0];
const scrape = async (url: string): Promise<string> => (await fetch(url)).text();
const samples = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('a scrape gets everything so far as text, a later one more of it', async () => {
  const { outputs, said } = await open([TARGET], { trendStats: readTrendStats('count,sum,min,max,avg,med', 'stats') });
  const url = urlIn(said);
  expect(await scrape(url)).toBe('\n');
  outputs.begin({ ...PLAN, thresholds: [], scenarios: [] });
  outputs.take(
    interval(
      0,
      [
        series(0, 'calls', { path: 'C:\\x "y"\nz', empty: '' }),
        series(1, 'lag', {}, { type: 'trend', contains: 'time' }),
        series(2, 'heap', {}, { type: 'gauge', contains: 'data' }),
        series(3, 'ok', { kind: 'F1' }, { type: 'rate' }),
      ],
      [
        [0, { samples: 2, sum: 2.5 }],
        [1, histogramOf(200, 300)],
        [2, { samples: 1, value: 1_024, min: 1, max: 2_048, at: 5 }],
        [3, { samples: 4, passes: 3 }],
      ],
    ),
  );
  const first = await scrape(url);
  expect(first).toContain('# TYPE k6_calls_total counter\n');
  expect(first).toContain('# HELP k6_lag_med Trend lag, med since the start of the run, in seconds\n');
  expect(samples(first).filter((line) => line.startsWith('k6_'))).toEqual([
    'k6_calls_total{path="C:\\\\x \\"y\\"\\nz",testid="nightly"} 2.5',
    'k6_lag_count{testid="nightly"} 2',
    'k6_lag_sum{testid="nightly"} 0.5',
    'k6_lag_min{testid="nightly"} 0.2',
    'k6_lag_max{testid="nightly"} 0.3',
    'k6_lag_avg{testid="nightly"} 0.25',
    expect.stringMatching(/^k6_lag_med\{testid="nightly"\} 0\.2[45]\d*$/),
    'k6_heap_bytes{testid="nightly"} 1024',
    'k6_ok_rate{kind="F1",testid="nightly"} 0.75',
  ]);
  // The same series under another number, and one that differs in a tag without a value only.
  outputs.take(interval(0, [series(7, 'calls', { path: 'C:\\x "y"\nz' })], [[7, { samples: 1, sum: 1 }]]));
  expect(samples(await scrape(url)).filter((line) => line.startsWith('k6_calls'))).toEqual([
    'k6_calls_total{path="C:\\\\x \\"y\\"\\nz",testid="nightly"} 3.5',
  ]);
  expect((await fetch(url.replace('metrics', ''))).status).toBe(404);
  await outputs.discard();
  await expect(fetch(url)).rejects.toThrow();
});

test('the end waits for a scrape that began after it, and no longer', async () => {
  const { outputs, said, warned } = await open([TARGET]);
  const url = urlIn(said);
  outputs.begin(PLAN);
  expect(samples(await scrape(url))).toEqual(
    expect.arrayContaining([
      'pairstorm_run_info{script="load",testid="nightly",version="1.2.3"} 1',
      'pairstorm_planned_arrivals_per_second{scenario="load",testid="nightly"} 20',
      'pairstorm_scenario_active{phase="steady",scenario="load",testid="nightly"} 1',
      'pairstorm_scenario_stage{scenario="load",testid="nightly"} 1',
      'pairstorm_threshold_limit{expression="p(95)<500",metric="http_req_duration{peer:pf}",testid="nightly"} 500',
    ]),
  );
  outputs.finish(OUTCOME);
  const closed = outputs.close(600_000, NEVER);
  const last = samples(await scrape(url));
  await closed;
  expect(warned).toEqual([]);
  expect(last).toEqual(
    expect.arrayContaining([
      'pairstorm_run_verdict{testid="nightly",verdict="fail"} 1',
      'pairstorm_run_exit_code{testid="nightly"} 99',
      'pairstorm_run_duration_seconds{testid="nightly"} 1.5',
      'pairstorm_threshold_value{expression="p(95)<500",metric="http_req_duration{peer:pf}",testid="nightly"} 612.5',
      'pairstorm_threshold_ok{expression="p(95)<500",metric="http_req_duration{peer:pf}",testid="nightly"} 0',
      'pairstorm_planned_arrivals_per_second{scenario="load",testid="nightly"} 0',
    ]),
  );
});

test('where nobody comes the end is said to be missing, after the time that was given', async () => {
  const { outputs, said, warned } = await open([TARGET]);
  outputs.begin(PLAN);
  await scrape(urlIn(said));
  outputs.finish(OUTCOME);
  await outputs.close(50, NEVER);
  expect(said.at(-1)).toBe(`prometheus: waiting up to 50ms for a last scrape of ${urlIn(said)}; Ctrl-C skips this`);
  expect(warned).toEqual([expect.stringContaining('was not scraped after the end')]);
});

test('of two metrics that come to one name the first is shown, and that is said once', async () => {
  const { outputs, said, warned } = await open([TARGET]);
  outputs.begin(PLAN);
  const gauge = { type: 'gauge' } as const;
  outputs.take(
    interval(
      0,
      [series(0, 'a', { x: '1' }), series(1, 'a_total', { x: '1' }, gauge), series(2, 'a_total', { x: '2' }, gauge)],
      [0, 1, 2].map((number) => [
        number,
        number === 0 ? { samples: 1, sum: 7 } : { samples: 1, value: 9, min: 9, max: 9, at: 1 },
      ]),
    ),
  );
  const shown = samples(await scrape(urlIn(said))).filter((line) => line.startsWith('k6_'));
  expect(shown).toEqual(['k6_a_total{testid="nightly",x="1"} 7']);
  expect(warned).toEqual([
    'Prometheus does not get k6_a_total of metric a_total: metric a already uses that name',
  ]);
  await outputs.discard();
});
