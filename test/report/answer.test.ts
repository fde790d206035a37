import { ofStep } from '../../contract/selector.ts';
import { Histogram } from '../../contract/histogram.ts';
import { trendTotal } from '../../contract/series-counts.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import type { ThresholdResult } from '../../contract/threshold-expression.ts';
import { RecordFold } from '../../record/record-fold.ts';
import type { RunFile } from '../../record/run-file.ts';
import { htmlReport, onePageReport } from '../../report/html/page.ts';
import { jsonReport } from '../../report/json.ts';
import { junitReport } from '../../report/junit.ts';
import { markdownReport } from '../../report/markdown.ts';
import { buildReportModel } from '../../report/model/build-report-model.ts';
import type { ReportModel } from '../../report/model/report-model.ts';
import { END, count, flowsWith, modelOf, rate, shown, threshold, times } from './model-of.ts';
import type { Recorded } from './model-of.ts';
import { RUN } from './small-record.ts';
import { describe, expect, it } from 'vitest';

const PAIRINGS: readonly Recorded[] = [
  ...flowsWith(0),
  ['pairing_error_rate', { platform: 'iPhone' }, rate(10, 40)],
  ['http_req_failed', { peer: 'pf' }, rate(0, 300)],
];

/** A record of `seconds` seconds in which all is the same, and what a test says of each. */
function recordOf(seconds: number, of: (at: number) => readonly Recorded[]): RecordFold {
  const fold = new RecordFold();
  for (let index = 0; index < seconds; index++) {
    fold.add({
      index,
      recorded: of(index).map(([metric, tags, total, contains]) => {
        const type = 'histogram' in total ? 'trend' : 'sum' in total ? 'counter' : 'passes' in total ? 'rate' : 'gauge';
        return [{ metric, type, contains: contains ?? (type === 'trend' ? 'time' : 'default'), tags }, total];
      }),
    });
  }
  return fold;
}

const names = ({ highlights }: ReportModel): readonly string[] => highlights.map(({ name }) => name);
const valueOf = ({ highlights }: ReportModel, name: string): number | null | undefined =>
  highlights.find((figure) => figure.name === name)?.value;

describe('The answer of a smoke', () => {
  const model = modelOf(PAIRINGS, { script: 'smoke' });

  it('is that all flows ended as expected, and pairing errors that the inventory asked for are no failure', () => {
    expect(model.answer).toEqual({ kind: 'smoke', sentence: 'All 60 flows, of 2 kinds, ended as expected.' });
    expect(names(model)).toEqual([
      'unexpected_outcomes',
      'kinds_played',
      'unexpected_pairing_errors',
      'failed_requests',
    ]);
    expect(model.highlights.map(({ value, attention }) => [value, attention])).toEqual([
      [0, false],
      [2, false],
      [0, false],
      [0, false],
    ]);
    expect(model.highlights[2]!.detail).toBe('of 40 pairings; 10 of them were expected to fail');
    const [screen = ''] = htmlReport(model).split('<nav');
    expect(screen).toContain('<p class="answer-line">All 60 flows, of 2 kinds, ended as expected.</p>');
    expect(screen).toContain('<b>F1</b> first device paired');
    expect(screen).not.toMatch(/25\.0 %/);
  });

  it('is said by every form', () => {
    const { sentence } = model.answer;
    expect(markdownReport(model)).toContain(`**${sentence}**`);
    expect(markdownReport(model)).toContain('Unexpected outcomes 0 (of 60 flows that ended)');
    expect(junitReport(model)).toContain(sentence);
    expect(JSON.parse(jsonReport(model))).toMatchObject({ answer: model.answer, highlights: model.highlights });
  });

  it('counts pairing errors that nobody asked for', () => {
    const failed = { kind: 'F1', prescribed: 'device_paired', outcome: 'pairing_error', reason: 'token received' };
    const flow = { ...failed, user: 1, steps: [] } as unknown as FailureRecord;
    const red = modelOf(
      [
        ...flowsWith(0).filter(([metric, { kind }]) => metric !== 'outcome_mismatch' || kind !== 'F1'),
        ['outcome_mismatch', { kind: 'F1' }, rate(2, 40)],
        ['pairing_error_rate', { platform: 'iPhone' }, rate(12, 40)],
      ],
      {
        script: 'smoke',
        end: {
          ...END,
          verdict: 'fail',
          exitCode: 99,
          thresholds: [threshold('outcome_mismatch', 'rate==0', 0.03, false)],
        },
      },
      [flow, { ...flow, user: 2 }],
    );
    expect(red.answer.sentence).toBe(
      '2 of 60 flows, in 1 of 2 kinds, did not end as expected; 1 of 1 threshold failed.',
    );
    expect(red.highlights.find(({ name }) => name === 'unexpected_pairing_errors')).toMatchObject({
      value: 2,
      attention: true,
      detail: 'of 40 pairings; 10 of them were expected to fail',
    });
  });
});

describe('The answer of a load', () => {
  const P95 = 'http_req_duration{expected_response:true,name:authenticate,peer:pf,phase:steady}';
  const fold = recordOf(20, () => [
    ['flows', { kind: 'F1' }, count(10)],
    ['starts_answered', {}, count(10)],
    ['flow_outcomes', { kind: 'F1', outcome: 'device_paired' }, count(5)],
    ['flow_outcomes', { kind: 'F1', outcome: 'device_not_paired' }, count(5)],
    ['outcome_mismatch', { kind: 'F1' }, rate(0, 10)],
    ['http_req_duration', ofStep('authenticate'), times(100, 200)],
    ['decision_lag', {}, times(700)],
  ]);
  const scenarios: RunFile['scenarios'] = [
    {
      ...{ name: 'steady', executor: 'constant-arrival-rate', startMs: 0, durationMs: 20_000, maxVus: 20 },
      arrivals: [
        [0, 10],
        [20_000, 10],
      ],
    },
  ];
  const ended = (value: number): RunFile => ({
    ...RUN,
    scenarios,
    end: {
      ...END,
      durationMs: 20_000,
      ...(value < 1_000 ? {} : { verdict: 'fail' as const, exitCode: 99 }),
      thresholds: [
        threshold(P95, 'p(95)<1000', value, value < 1_000),
        threshold('decision_lag', 'p(95)<4000', 800, true),
      ],
    },
  });

  it('is what was carried, in flows and pairings an hour, and both paths against their limits', () => {
    const model = buildReportModel(ended(200), fold, []);
    expect(model.answer.sentence).toBe(
      '10 flows/s for 20 s, or 36,000 flows and 18,000 pairings an hour: both thresholds held.',
    );
    expect(model.highlights.map(({ name, value, detail }) => [name, value, detail])).toEqual([
      ['flows_per_hour', 36_000, '10/s carried'],
      ['pairings_per_hour', 18_000, '50.0 % of flows pair a device'],
      ['unexpected_outcomes', 0, 'of 200 flows that ended'],
      ['pairing_path_p95', 200, 'authenticate; limit 1 s'],
      ['polling_path_p95', 800, 'decision lag; limit 4 s'],
    ]);
  });

  it('names the limit that was missed by most, and the chart has it as a line', () => {
    const model = buildReportModel(ended(1_300), fold, []);
    expect(model.answer.sentence).toBe(
      '1 of 2 thresholds failed, authenticate p95 1.30 s (limit 1 s), at 10 flows/s for 20 s: this rate is not shown to hold.',
    );
    expect(model.highlights.find(({ name }) => name === 'pairing_path_p95')).toMatchObject({ attention: true });
    // What was only tried must not read as proven.
    expect(model.highlights.slice(0, 2).map(({ label, detail }) => [label, detail])).toEqual([
      ['Flows an hour, offered', '10/s started'],
      ['Pairings an hour, offered', '50.0 % of flows pair a device'],
    ]);
    // 200 ms at most: the limit is too far off to be drawn, and is named.
    expect(shown(htmlReport(model).split('<nav')[0])).toContain('limit of p95, steady: 1 s, above the axis');
    const near = { ...ended(200), end: { ...ended(200).end!, thresholds: [threshold(P95, 'p(95)<250', 200, true)] } };
    const [screen = ''] = htmlReport(buildReportModel(near, fold, [])).split('<nav');
    expect(screen).toMatch(/<line class="limit" x1="0" x2="20" y1="(\d+(\.\d+)?)"/);
    expect(shown(screen)).toContain('limit of p95, steady: 250 ms<');
  });

  it('of a run that was stopped has the rate until then; where it was stopped in the ramp there is none, not a 0', () => {
    const stopped = recordOf(20, (at) => (at < 6 ? [['flows', { kind: 'F1' }, count(10)]] : []));
    const of = (fromMs: number): readonly unknown[] => {
      const [steady] = scenarios;
      const late: RunFile['scenarios'] = [
        {
          ...{ ...steady!, startMs: fromMs },
          arrivals: [
            [fromMs, 10],
            [fromMs + 20_000, 10],
          ],
        },
      ];
      const end = { ...END, verdict: 'interrupted' as const, exitCode: 105, durationMs: 20_000 };
      return buildReportModel({ ...RUN, scenarios: late, end }, stopped, []).highlights.map(({ name, value }) =>
        name.endsWith('per_hour') ? [name, value] : name,
      );
    };
    expect(of(0)).toContainEqual(['flows_per_hour', 36_000]);
    expect(of(8_000).flat()).not.toContain('flows_per_hour');
  });
});

describe('The answer of a staircase', () => {
  const rates = [10, 20, 30];
  const arrivals = rates.flatMap((each, at) => [[at * 10_000, each] as const, [(at + 1) * 10_000, each] as const]);
  const P95 = (level: string): string => `http_req_duration{expected_response:true,level:${level},peer:pf}`;
  const fold = recordOf(26, (at) => {
    const level = `0${Math.floor(at / 10) + 1}`;
    const tags = { level, phase: 'level' };
    return [
      ['flows', { kind: 'F1', ...tags }, count(rates[Math.floor(at / 10)]!)],
      ['flow_outcomes', { kind: 'F1', outcome: level === '03' ? 'http_error' : 'device_paired', ...tags }, count(9)],
      ['flow_outcomes', { kind: 'F1', outcome: 'denied', ...tags }, count(1)],
      ['http_reqs', { peer: 'pf', ...tags }, count(30)],
      ['http_req_duration', { ...ofStep('start'), ...tags }, times(level === '03' ? 1_400 : 100)],
    ];
  });
  const run: RunFile = {
    ...RUN,
    script: 'capacity',
    settings: { START_RATE: '10', STEP_RATE: '10', MAX_RATE: '30', STEP_DURATION: '10s' },
    scenarios: [{ ...RUN.scenarios[0]!, durationMs: 30_000, arrivals }],
    end: {
      ...END,
      durationMs: 25_400,
      findings: [
        {
          code: 'capacity_found',
          exit: 0,
          subject: '',
          data: { held: { rate: 20, level: '02' }, broke: { rate: 30, level: '03' } },
        },
      ],
      thresholds: [
        threshold(P95('01'), 'p(95)<1000', 100, true),
        threshold(P95('02'), 'p(95)<1000', 100, true),
        threshold(P95('03'), 'p(95)<1000', 1_400, false),
      ],
    },
  };
  const model = buildReportModel(run, fold, []);

  it('is the rate that held, in pairings an hour of the levels that held, and why the next did not', () => {
    expect(model.answer.sentence).toBe(
      '20 flows/s held, or 72,000 flows and 64,800 pairings an hour; 30 flows/s did not: request p95 1.40 s (limit 1 s).',
    );
    expect(model.highlights.map(({ name, value, attention }) => [name, value, attention])).toEqual([
      ['rate_held', 20, false],
      ['held_flows_per_hour', 72_000, false],
      ['held_pairings_per_hour', 64_800, false],
      ['held_p95', 100, false],
      ['rate_broke', 30, false],
    ]);
    expect(model.staircase!.levels.map(({ rate: of, ending }) => [of, ending])).toEqual([
      [10, 'held'],
      [20, 'held'],
      [30, 'broke'],
    ]);
  });

  it('marks the levels by their rates, draws p95 by rate, and the plan ends where the run ended', () => {
    expect(model.bands.map(({ name, fromMs, toMs }) => [name, fromMs, toMs])).toEqual([
      ['10/s', 0, 10_000],
      ['20/s', 10_000, 20_000],
      ['30/s', 20_000, 25_400],
    ]);
    expect(model.throughput!.planned!.slice(24)).toEqual([30, null]);
    const page = htmlReport(model);
    expect(shown(page.split('<nav')[0])).toContain('At 30 flows/s p95 was 1.40 s: broke.');
    expect(page).toMatch(/<span class="part" style="left:min\(0%,calc\(100% - 5ch\)\);[^"]*">10\/s</);
    expect(shown(page)).toContain('Marked: 10/s from 0 s to 10 s, 20/s from 10 s to 20 s, 30/s from 20 s to 25 s.');
  });
});

describe('The answer of other runs', () => {
  it('of a script of one’s own is whether its thresholds held, also where none had a sample', () => {
    const own: readonly Recorded[] = [
      ['iterations', {}, count(12)],
      ['http_req_failed', {}, rate(0, 24)],
    ];
    const of = (thresholds: readonly ThresholdResult[]): string =>
      modelOf(own, { script: 'tests/web.js', end: { ...END, thresholds } }).answer.sentence;
    expect(of([threshold('checks', 'rate>0.9', 1, true)])).toBe(
      '12 iterations with 24 requests: the only threshold held.',
    );
    expect(of([threshold('checks', 'rate>0.9', null, true)])).toBe(
      '12 iterations with 24 requests: no threshold had a sample, so nothing was judged.',
    );
    expect(of([])).toBe('12 iterations with 24 requests: there are no thresholds, so nothing was judged.');
    expect(names(modelOf(own, { script: 'tests/web.js' }))).toEqual([
      'thresholds_held',
      'iterations',
      'failed_requests',
    ]);
  });

  it.each([
    ['invalid', 120, 'No verdict on the target: the load generator was at fault, so the figures say nothing about it.'],
    ['interrupted', 105, 'No verdict: the run was stopped, and ended after 1 min 15 s; the figures cover that part.'],
    ['error', 107, 'No verdict on the target: the run ended in an error.'],
  ] as const)('of a run that is %s is that there is no verdict', (verdict, exitCode, sentence) => {
    expect(modelOf(flowsWith(0), { end: { ...END, verdict, exitCode } }).answer.sentence).toBe(sentence);
  });

  it('of a killed run says how far it came, and of a record with a gap that it has one', () => {
    const killed = buildReportModel(
      { ...RUN, end: null },
      recordOf(1, () => flowsWith(0)),
      [],
    );
    expect(killed.answer.sentence).toBe(
      'No verdict: the run was killed after 1 s of 2 s; the figures cover what was recorded.',
    );
    const hole = { code: 'record_damaged', exit: 99, subject: '', data: { missing: 2, file: 'series.jsonl' } };
    const damaged = modelOf(flowsWith(0), {
      script: 'smoke',
      end: { ...END, verdict: 'fail', exitCode: 99, findings: [hole] },
    });
    expect(damaged.answer.sentence).toBe(
      'A part of the record is missing; of the rest: all 60 flows, of 2 kinds, ended as expected.',
    );
  });

  it('of a spike are the latencies before, in and after it', () => {
    const phase = (name: string, ms: number): readonly Recorded[] => [
      ['http_reqs', { peer: 'pf', phase: name }, count(3)],
      ['http_req_failed', { peer: 'pf', phase: name }, rate(0, 3)],
      ['http_req_duration', { ...ofStep('start'), phase: name }, times(ms)],
    ];
    const fold = recordOf(3, (at) => [
      ...flowsWith(0),
      ...phase(['steady', 'spike', 'recovery'][at]!, [10, 250, 12][at]!),
    ]);
    const model = buildReportModel({ ...RUN, script: 'spike', end: { ...END, durationMs: 3_000 } }, fold, []);
    expect(['p95_before', 'p95_in_spike', 'p95_after'].map((name) => valueOf(model, name))).toEqual([10, 250, 12]);
    expect(model.answer.sentence).toMatch(
      /^Request p95 was 10\.0 ms before the spike, 250 ms in it and 12\.0 ms after it/,
    );
    expect(model.bands.map(({ name, fromMs, toMs }) => [name, fromMs, toMs])).toEqual([
      ['steady', 0, 1_000],
      ['spike', 1_000, 2_000],
      ['recovery', 2_000, 3_000],
    ]);
  });
});

describe('Charts', () => {
  it('have the time of the day on their axis from an hour on, and the time since the start below', () => {
    const latency = (at: number): SeriesTotal => {
      const histogram = new Histogram();
      histogram.record(10 + at);
      return trendTotal(histogram);
    };
    const page = (seconds: number): string =>
      htmlReport(
        buildReportModel(
          { ...RUN, end: { ...END, durationMs: seconds * 1_000 } },
          recordOf(2, (at) => [['http_req_duration', ofStep('start'), latency(at)]]),
          [],
        ),
      );
    expect(page(3_600)).toContain('time of the day, UTC</div>');
    expect(page(3_600)).toContain('<title>12:00:00: ');
    expect(page(60)).toContain('since the start of the run</div>');
  });
});

describe('One page', () => {
  it('is the first screen without the sections', () => {
    const page = onePageReport(modelOf(PAIRINGS, { script: 'smoke' }));
    expect(page).toContain('All 60 flows, of 2 kinds, ended as expected');
    expect(page).toContain('<main id="main"');
    expect(page).not.toContain('<nav');
    expect(page).not.toContain('<section');
  });
});
