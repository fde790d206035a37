import { compareRuns } from '../../../analysis/comparison/compare-runs.ts';
import { DEFAULT_SETTINGS } from '../../../analysis/comparison/comparison.ts';
import type { ComparisonSettings, MetricComparison } from '../../../analysis/comparison/comparison.ts';
import { RunCollector } from '../../../analysis/comparison/run-collector.ts';
import { estimateRun } from '../../../analysis/comparison/run-estimates.ts';
import type { EstimatedRun } from '../../../analysis/comparison/run-estimates.ts';
import { uniformNumbers } from '../../../contract/draw.ts';
import { Histogram } from '../../../contract/histogram.ts';
import { ofStep } from '../../../contract/selector.ts';
import { trendTotal } from '../../../contract/series-counts.ts';
import type { Interval, SeriesName, SeriesTotal } from '../../../contract/series-counts.ts';
import type { RunFile } from '../../../record/run-file.ts';
import { USUAL, syntheticRunFile } from './synthetic-run.ts';
import { describe, expect, test } from 'vitest';

const SECONDS = 120;
const FILE = syntheticRunFile({ ...USUAL, seconds: SECONDS });

const name = (
  metric: string,
  type: SeriesName['type'],
  tags = {},
  contains: SeriesName['contains'] = 'time',
): SeriesName => ({
  ...{ metric, type, tags, contains: type === 'trend' ? contains : 'default' },
});

/** What is recorded each second: by a function of a uniform number. */
type Recorder = (next: () => number) => readonly (readonly [SeriesName, SeriesTotal])[];

let runs = 0;
/** A run of 120 seconds in which each second records the same kind of thing. */
function run(recorder: Recorder, change: Partial<RunFile> = {}): EstimatedRun {
  const number = ++runs;
  const collector = new RunCollector({ ...FILE, testid: `run-${number}`, ...change });
  const next = uniformNumbers(number);
  for (let index = 0; index < 15 + SECONDS; index++)
    collector.add({ index, recorded: recorder(next) } satisfies Interval);
  return estimateRun(`results/${number}`, collector.finish(0));
}

const FLOWS = name('flows', 'counter');
const one: SeriesTotal = { samples: 1, sum: 1 };
const trend = (count: number, value: () => number): SeriesTotal => {
  const histogram = new Histogram();
  for (let at = 0; at < count; at++) histogram.record(value());
  return trendTotal(histogram);
};

function result(
  base: EstimatedRun,
  next: EstimatedRun,
  metric: string,
  settings: Partial<ComparisonSettings> = {},
): MetricComparison {
  const { metrics } = compareRuns([base], [next], { ...DEFAULT_SETTINGS, ...settings }, false);
  return metrics.find((found) => found.name === metric)!;
}

describe('a difference of a duration', () => {
  const POLLS = name('http_req_duration', 'trend', ofStep('poll'));
  const polls = (factor: number): EstimatedRun =>
    run((next) => [
      [FLOWS, one],
      [POLLS, trend(50, () => factor * (90 + 20 * next()))],
    ]);
  const [base, slower] = [polls(1), polls(1.04)];

  test('that is sure but within the tolerance is none that matters', () => {
    const within = result(base, slower, 'poll_duration p95');
    expect(within).toMatchObject({
      verdict: 'no_difference_shown',
      difference: { significant: true, shownAlike: true },
    });
    expect(result(base, slower, 'poll_duration p95', { tolerance: 0.02 }).verdict).toBe('worse');
    expect(result(slower, base, 'poll_duration p95', { tolerance: 0.02 }).verdict).toBe('better');
  });

  test('counts only from so many milliseconds on', () => {
    const settings = { tolerance: 0.02, toleranceMs: 10 };
    expect(result(base, slower, 'poll_duration p95', settings).verdict).toBe('no_difference_shown');
  });

  test('is found as large as it is, also between percentiles that lie in one bucket', () => {
    const { value, low, high } = result(base, slower, 'poll_duration p50').difference!;
    expect(Math.abs(value - 0.04)).toBeLessThan(0.01);
    expect(low).toBeLessThan(0.04);
    expect(high).toBeGreaterThan(0.04);
  });

  test('needs samples beyond the percentile, and intervals', () => {
    const few = run((next) => [
      [FLOWS, one],
      [POLLS, trend(2, () => 90 + 20 * next())],
    ]);
    expect(result(few, slower, 'poll_duration p95')).toMatchObject({
      ...{ verdict: 'not_comparable', reason: 'base: 240 samples, p95 needs 400' },
    });
    const brief = run(
      (next) => [
        [FLOWS, one],
        [POLLS, trend(50, () => 90 + 20 * next())],
      ],
      { intervalMs: 10_000 },
    );
    expect(result(base, brief, 'poll_duration p95').reason).toMatch(/^new: \d+ intervals, needs 20$/);
  });

  test('has no meaning where a percentile is 0', () => {
    const zero = run(() => [
      [FLOWS, one],
      [POLLS, trend(50, () => 0)],
    ]);
    expect(result(zero, slower, 'poll_duration p95').reason).toBe('base: not above zero, so no relative difference');
  });

  test('has none where one side never recorded it', () => {
    const without = run(() => [[FLOWS, one]]);
    expect(result(base, without, 'poll_duration p95').reason).toBe('new: never recorded');
  });
});

describe('a difference of a share', () => {
  const ERRORS = name('poll_error_rate', 'rate');
  const polls = (p: number): EstimatedRun =>
    run((next) => {
      let passes = 0;
      for (let at = 0; at < 50; at++) if (next() < p) passes++;
      return [
        [FLOWS, one],
        [ERRORS, { samples: 50, passes }],
      ];
    });

  test('is taken in percentage points', () => {
    const settings = { tolerancePoints: 0.005 };
    const worse = result(polls(0.01), polls(0.03), 'poll_error_rate', settings);
    expect(worse).toMatchObject({ unit: 'share', verdict: 'worse' });
    expect(Math.abs(worse.difference!.value - 0.02)).toBeLessThan(0.01);
    expect(result(polls(0.01), polls(0.013), 'poll_error_rate', settings).verdict).toBe('no_difference_shown');
  });

  test('is none between none and a few', () => {
    const few = run((next) => [
      [FLOWS, one],
      [ERRORS, { samples: 1, passes: next() < 0.02 ? 1 : 0 }],
    ]);
    const [none, other] = [1, 2].map(() =>
      run(() => [
        [FLOWS, one],
        [ERRORS, { samples: 1, passes: 0 }],
      ]),
    );
    expect(result(none!, few, 'poll_error_rate', { tolerancePoints: 0 }).verdict).toBe('no_difference_shown');
    expect(result(none!, other!, 'poll_error_rate').difference).toMatchObject({ value: 0, p: 1 });
  });
});

test('fewer flows ended per second, and more of them dropped, are worse', () => {
  const load = (ended: number, dropped: number): EstimatedRun =>
    run((next) => [
      [FLOWS, one],
      [
        name('flow_outcomes', 'counter', { outcome: 'device_paired' }),
        { samples: ended, sum: ended - (next() < 0.3 ? 1 : 0) },
      ],
      [name('iterations', 'counter'), { samples: ended, sum: ended }],
      ...(dropped > 0 && next() < 0.9
        ? [[name('dropped_iterations', 'counter'), { samples: 1, sum: dropped }] as const]
        : []),
    ]);
  const [base, next] = [load(20, 0), load(17, 3)];
  expect(result(base, next, 'flows ended per second')).toMatchObject({ verdict: 'worse', worse: 'lower' });
  expect(result(base, next, 'dropped share')).toMatchObject({ verdict: 'worse', worse: 'higher' });
});

test('a record from before, which has latencies under their aliases once more, is compared by the same samples', () => {
  const since = (aliases: boolean): EstimatedRun =>
    run(() => {
      const polls = trend(50, () => 100);
      return [
        [FLOWS, one],
        [name('http_req_duration', 'trend', ofStep(aliases ? 'wait' : 'poll')), polls],
        [name('http_req_duration', 'trend', ofStep('token')), polls],
        ...(aliases
          ? ([
              [name('poll_duration', 'trend'), polls],
              [name('step_duration', 'trend', { step: 'wait' }), polls],
              [name('step_duration', 'trend', { step: 'token' }), polls],
            ] as const)
          : []),
      ];
    });
  const [before, today] = [since(true), since(false)];
  const names = [...today.estimates.keys()];
  expect(names).toEqual(expect.arrayContaining(['poll_duration p95', 'step_duration{step:token} p95']));
  expect([...before.estimates.keys()].sort()).toEqual(names.sort());
  for (const of of names) expect(before.estimates.get(of)?.estimate, of).toEqual(today.estimates.get(of)?.estimate);
});

test('only samples of the phase steady count where there is one', () => {
  const polls = (rampMs: number): EstimatedRun =>
    run((next) => [
      [FLOWS, one],
      [name('http_req_duration', 'trend', { ...ofStep('poll'), phase: 'steady' }), trend(50, () => 90 + 20 * next())],
      [name('http_req_duration', 'trend', { ...ofStep('poll'), phase: 'ramp' }), trend(50, () => rampMs)],
    ]);
  expect(result(polls(10), polls(500), 'poll_duration p95').verdict).toBe('no_difference_shown');
});

describe('a script that is not ours', () => {
  const script = (factor: number, passes: number, thresholds: RunFile['thresholds'] = []): EstimatedRun =>
    run(
      (next) => [
        [name('http_req_duration', 'trend', { name: 'search' }), trend(40, () => factor * (90 + 20 * next()))],
        [name('checks', 'rate'), { samples: 40, passes: passes - (next() < 0.5 ? 1 : 0) }],
        [name('time_to_cart', 'trend'), trend(40, () => factor * (90 + 20 * next()))],
        [name('cart_size', 'trend', {}, 'default'), trend(40, () => factor * (90 + 20 * next()))],
        [name('cart_full', 'rate'), { samples: 40, passes: passes - (next() < 0.5 ? 1 : 0) }],
      ],
      { script: 'shop.js', thresholds },
    );
  const [base, worse] = [script(1, 40), script(1.3, 36)];

  test('is compared by requests, checks and its own times', () => {
    for (const metric of ['http_req_duration{name:search} p95', 'checks', 'time_to_cart p95'])
      expect(result(base, worse, metric).verdict).toBe('worse');
  });

  test('says by thresholds which way its own other metrics get worse', () => {
    for (const metric of ['cart_size p95', 'cart_full'])
      expect(result(base, worse, metric).reason).toBe(
        'direction unknown (is higher worse?); add a threshold on it to define one',
      );
    const thresholds = [
      { metric: 'cart_size', expression: 'p(95)>80' },
      { metric: 'cart_full', expression: 'rate<0.99' },
    ];
    const judged = (metric: string): string => result(script(1, 40, thresholds), script(1.3, 36), metric).verdict;
    expect([judged('cart_size p95'), judged('cart_full')]).toEqual(['better', 'better']);
  });
});
