import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { Histogram } from '../../contract/histogram.ts';
import { ofStep } from '../../contract/selector.ts';
import { trendTotal } from '../../contract/series-counts.ts';
import type { SeriesName, SeriesTotal, Tags } from '../../contract/series-counts.ts';
import type { ThresholdResult } from '../../contract/threshold-expression.ts';
import { RecordFold } from '../../record/record-fold.ts';
import { RUN_VERSION, findingsOfEarlier } from '../../record/run-file.ts';
import type { RunEnd, RunFile } from '../../record/run-file.ts';
import { buildReportModel } from '../../report/model/build-report-model.ts';
import type { ReportModel } from '../../report/model/report-model.ts';

/** A series of one interval, as a test writes it. */
export type Recorded = readonly [metric: string, tags: Tags, total: SeriesTotal, contains?: Contains];

/** A run that ended well, of which a test changes what it is about. */
export const END: RunEnd = {
  ...{ endedAt: '2026-11-24T12:01:15.000Z', durationMs: 75_000, verdict: 'pass', exitCode: 0 },
  ...{ findings: [], causes: [] },
  iterations: { planned: 60, started: 60, completed: 60, interrupted: 0, dropped: 0 },
  thresholds: [],
  ownDelay: {
    ...{ eventLoop: { p99Ms: 3, maxMs: 9 }, startLag: { p99Ms: 1, maxMs: 2 }, cpuCores: 0.5 },
    gc: { share: 0.01, maxMs: 4 },
  },
  simulator: null,
  failures: { seen: 0, kept: 0 },
};

const RUN: RunFile = {
  ...{
    record: 'pairstorm-run',
    version: RUN_VERSION,
    testid: '2026-11-24T12-00-00Z-load',
    pairstorm: '0.1.0',
    host: 'engine',
  },
  ...{ script: 'load', startedAt: '2026-11-24T12:00:00.000Z', intervalMs: 1_000, target: 'http://127.0.0.1:9031' },
  ...{ simulated: false, seed: 7, inventory: null, settings: {}, scenarios: [], thresholds: [] },
  machines: [{ instance: 'here', cpus: 2, runtime: 'Node 20', platform: 'linux x64' }],
  end: END,
};

/** A flow that failed, as failures.jsonl holds it. */
export const FAILED_FLOW = {
  user: 4,
  kind: 'F5',
  prescribed: 'denied',
  outcome: 'http_error',
  reason: 'poll: 503',
  steps: [],
} as unknown as FailureRecord;

export const count = (sum: number): SeriesTotal => ({ samples: sum, sum });
export const rate = (passes: number, samples: number): SeriesTotal => ({ samples, passes });
export const times = (...values: readonly number[]): SeriesTotal => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return trendTotal(histogram);
};

function typeOf(total: SeriesTotal): MetricType {
  if ('histogram' in total) return 'trend';
  if ('sum' in total) return 'counter';
  return 'passes' in total ? 'rate' : 'gauge';
}

/** A record with one interval. */
export function foldOf(recorded: readonly Recorded[]): RecordFold {
  const fold = new RecordFold();
  fold.add({
    index: 0,
    recorded: recorded.map(([metric, tags, total, contains]) => {
      const type = typeOf(total);
      const series: SeriesName = { metric, type, contains: contains ?? (type === 'trend' ? 'time' : 'default'), tags };
      return [series, total] as const;
    }),
  });
  return fold;
}

/** The report's model of a run with one interval. */
export function modelOf(
  recorded: readonly Recorded[],
  run: Partial<RunFile> = {},
  failures: readonly FailureRecord[] = [],
): ReportModel {
  const fold = foldOf(recorded);
  return buildReportModel({ ...RUN, ...run, end: withFindings(run.end === undefined ? END : run.end) }, fold, failures);
}

/** An end of which a test says a verdict and a sentence only: its findings are those of a record of before. */
function withFindings(end: RunEnd | null): RunEnd | null {
  return end === null || end.findings.length > 0 ? end : { ...end, findings: findingsOfEarlier(end) };
}

/** HTML as it is read: numbers and units are held together by spaces that do not break. */
export const shown = (html: string | undefined): string => (html ?? '').replaceAll('\u00a0', ' ');

/** A threshold as it ended. */
export function threshold(metric: string, expression: string, value: number | null, ok: boolean): ThresholdResult {
  return { metric, expression, value, ok };
}

/** Flows of two kinds, 60 in all; some of F5 did not end as they should. */
export function flowsWith(wrong: number): readonly Recorded[] {
  return [
    ['flows', { kind: 'F1' }, count(40)],
    ['flows', { kind: 'F5' }, count(20)],
    ['starts_answered', {}, count(60)],
    ['flow_outcomes', { kind: 'F1', outcome: 'device_paired' }, count(40)],
    ['flow_outcomes', { kind: 'F5', outcome: 'denied' }, count(20 - wrong)],
    ...(wrong === 0 ? [] : ([['flow_outcomes', { kind: 'F5', outcome: 'http_error' }, count(wrong)]] as const)),
    ['outcome_mismatch', { kind: 'F1' }, rate(0, 40)],
    ['outcome_mismatch', { kind: 'F5' }, rate(wrong, 20)],
  ];
}

/** Everything that a record may say, by a text that may be anything. */
export function hostileModel(text: string, end: Partial<RunEnd> = {}): ReportModel {
  const failed = { prescribed: 'denied', outcome: 'http_error', reason: text } as unknown as FailureRecord;
  return modelOf(
    [
      ...flowsWith(3),
      ['http_req_duration', { name: text, peer: text }, times(12)],
      ['pairing_duration', { platform: text }, times(12)],
      ['pairing_error_rate', { platform: text }, rate(1, 2)],
      ['http_req_duration', ofStep('poll'), times(12)],
      [text === '' ? 'm' : text, { [text === '' ? 't' : text]: text }, count(3)],
    ],
    {
      ...{ testid: text, script: text, target: text, pairstorm: text, settings: { [text]: text } },
      end: {
        ...END,
        ...{ verdict: 'fail', exitCode: 110, reason: text, thresholds: [threshold(text, text, 3, false)] },
        ...end,
      },
    },
    [{ ...failed, user: 1, kind: text, steps: [] } as unknown as FailureRecord],
  );
}
