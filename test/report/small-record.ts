import { Histogram } from '../../contract/histogram.ts';
import { trendTotal } from '../../contract/series-counts.ts';
import type { SeriesName, SeriesTotal, Tags } from '../../contract/series-counts.ts';
import { RecordFold } from '../../record/record-fold.ts';
import { RUN_VERSION } from '../../record/run-file.ts';
import type { RunFile } from '../../record/run-file.ts';

/** A run file by hand: two machines, a plan of ten starts a second for two seconds. */
export const RUN: RunFile = {
  record: 'pairstorm-run',
  version: RUN_VERSION,
  testid: 'nightly',
  pairstorm: '0.1.0',
  host: 'engine',
  script: 'load',
  startedAt: '2026-01-31T12:00:00.000Z',
  intervalMs: 1_000,
  target: 'https://sso.example.com',
  simulated: false,
  seed: 7,
  inventory: null,
  settings: { RATE: '10', DURATION: '2s' },
  scenarios: [
    {
      name: 'steady',
      executor: 'constant-arrival-rate',
      startMs: 0,
      durationMs: 2_000,
      arrivals: [
        [0, 10],
        [2_000, 10],
      ],
      maxVus: 20,
    },
  ],
  thresholds: [
    { metric: 'poll_duration', expression: 'p(95)<20' },
    { metric: 'poll_error_rate', expression: 'rate<=0.5' },
  ],
  machines: [{ instance: 'a', cpus: 2, runtime: 'v24', platform: 'linux' }],
  end: {
    endedAt: '2026-01-31T12:00:03.000Z',
    durationMs: 3_000,
    verdict: 'fail',
    exitCode: 99,
    findings: [
      { code: 'threshold_failed', exit: 99, subject: 'poll_duration', data: { expression: 'p(95)<20', value: 40 } },
    ],
    causes: [],
    reason: 'threshold failed: poll_duration p(95)<20 (was 40)',
    iterations: { planned: 20, started: 20, completed: 19, interrupted: 1, dropped: 0 },
    thresholds: [
      { metric: 'poll_error_rate', expression: 'rate<=0.5', value: 0.25, ok: true },
      { metric: 'poll_duration', expression: 'p(95)<20', value: 40, ok: false },
      { metric: 'decision_lag', expression: 'p(95)<20', value: null, ok: true },
    ],
    ownDelay: {
      eventLoop: { p99Ms: 600, maxMs: 700 },
      startLag: null,
      cpuCores: 0.5,
      gc: { share: 0.01, maxMs: 5 },
    },
    simulator: null,
    failures: { seen: 3, kept: 2 },
  },
};

/** What is recorded in an interval: metric, tags, counts. */
export type Sample = readonly [index: number, metric: string, tags: Tags, counts: SeriesTotal];

/** A counter's counts. */
export const counter = (sum: number): SeriesTotal => ({ samples: sum, sum });
/** A rate's counts. */
export const rate = (samples: number, passes: number): SeriesTotal => ({ samples, passes });
/** A trend of these values. */
export const trend = (...values: readonly number[]): SeriesTotal => {
  const histogram = new Histogram();
  values.forEach((value) => histogram.record(value));
  return trendTotal(histogram);
};

/** A fold of these samples. */
export function folded(samples: readonly Sample[]): RecordFold {
  const fold = new RecordFold();
  for (const [index, metric, tags, counts] of samples) {
    const type = 'histogram' in counts ? 'trend' : 'sum' in counts ? 'counter' : 'passes' in counts ? 'rate' : 'gauge';
    const contains = type === 'trend' ? 'time' : 'default';
    const series: SeriesName = { metric, type, contains, tags };
    fold.add({ index, recorded: [[series, counts]] });
  }
  return fold;
}
