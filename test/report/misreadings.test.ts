import { describe, expect, it } from 'vitest';
import type { Comparison, MetricComparison } from '../../analysis/comparison/comparison.ts';
import { DEFAULT_SETTINGS } from '../../analysis/comparison/comparison.ts';
import { comparisonPage } from '../../report/comparison/page.ts';
import { allowedSentence, shareOf } from '../../report/capacity/text.ts';
import { answerPage } from '../../report/capacity/page.ts';
import { finding } from '../../catalogue/findings.ts';
import { ofStep } from '../../contract/selector.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import type { Cause } from '../../record/causes.ts';
import type { RunEnd } from '../../record/run-file.ts';
import { lineChart } from '../../report/html/chart/line-chart.ts';
import { htmlReport } from '../../report/html/page.ts';
import { jsonReport } from '../../report/json.ts';
import { junitReport } from '../../report/junit.ts';
import { markdownReport } from '../../report/markdown.ts';
import { holeBands, timeBands } from '../../report/model/time-bands.ts';
import { failedWords } from '../../report/threshold-words.ts';
import { limitsOn, onLatency } from '../../report/model/limits.ts';
import type { ReportModel, ThresholdRow } from '../../report/model/report-model.ts';
import { verdictLines } from '../../cli/verdict-lines.ts';
import { kneeAt } from '../analysis/capacity/scripted-search.ts';
import { answerOf } from './capacity-answer.ts';
import { END, count, flowsWith, modelOf, rate, shown, threshold, times } from './model-of.ts';
import type { Recorded } from './model-of.ts';

// What strangers read wrongly on the first screens that they were shown: each stays mended in every form.

const HELD = [threshold('flows', 'count>0', 60, true)];
const LATE = finding('generator_stalled', { data: { lostMs: 17_233, maxMs: 5_370 } });
const ALLOWED = { ...LATE, exit: 0, data: { ...LATE.data, allowed: true } };

const screenOf = (model: ReportModel): string => shown(htmlReport(model).split('<nav')[0]);
const bannerOf = (model: ReportModel): string => screenOf(model).split('<dl')[0]!;

describe('A verdict that is not worth its word', () => {
  const doubtful = (end: Partial<RunEnd>): ReportModel =>
    modelOf(flowsWith(0), { script: 'smoke', end: { ...END, thresholds: HELD, findings: [ALLOWED], ...end } });
  const SAID =
    'Allowed by --allow-invalid: the load generator stalled for 17.2 s in total, up to 5.37 s at a time, so the numbers say nothing about the target.';

  it('says so beside the word, in every form, and is not green', () => {
    const model = doubtful({});
    expect(model.verdict).toMatchObject({ verdict: 'pass', word: 'PASS, IN DOUBT', doubts: [SAID], remarks: [] });
    expect(bannerOf(model)).toContain(`PASS, IN DOUBT</strong>\n      <p class="doubt">${SAID}</p>`);
    expect(bannerOf(model)).toContain('class="verdict warn"');
    expect(markdownReport(model)).toMatch(/^### ⚠️ Pairstorm `smoke`: \*\*PASS, IN DOUBT\*\*\n\n⚠️ \*\*Allowed by /);
    expect(verdictLines(model.verdict)[0]).toBe(`  ! ${SAID}`);
    expect(junitReport(model)).toContain('PASS, IN DOUBT, exit code 0');
    expect(junitReport(model)).toContain(SAID);
    expect(JSON.parse(jsonReport(model))).toMatchObject({ verdict: { word: 'PASS, IN DOUBT', doubts: [SAID] } });
  });

  it('is a failed one too, and stays red', () => {
    const red = [threshold('flows', 'count>90', 60, false)];
    const model = doubtful({ verdict: 'fail', exitCode: 99, thresholds: red });
    expect(model.verdict.word).toBe('FAIL, IN DOUBT');
    expect(bannerOf(model)).toContain('class="verdict fail"');
  });

  it('is a pass of numbers that do not add up', () => {
    const flows = flowsWith(0).filter(([, { outcome }]) => outcome !== 'denied');
    const model = modelOf(flows, { script: 'smoke', end: { ...END, thresholds: HELD } });
    expect(model.verdict.word).toBe('PASS, IN DOUBT');
    expect(bannerOf(model)).toContain('Do not trust the numbers, because this does not hold: no flow is lost;');
  });

  it('is a pass of which nothing was judged: there were no thresholds, or none had a sample', () => {
    for (const thresholds of [[], [threshold('decision_lag', 'p(95)<20', null, true)]]) {
      const model = modelOf(flowsWith(0), { script: 'soak', end: { ...END, thresholds } });
      expect(model.verdict).toMatchObject({ verdict: 'pass', judged: false, word: 'NOT JUDGED' });
      expect(bannerOf(model)).toContain('class="verdict warn"');
      expect(markdownReport(model)).toMatch(/^### ⚠️ /);
    }
  });
});

describe('What the faults of a run did', () => {
  const failed = (outcome: string, error: string, flows: number, step = 'start'): Cause => ({
    ...{ outcome, expected: 'device_paired', at: '', step, error, offPath: '', reason: `${error} at ${step}`, flows },
    ...{ kinds: { F1: flows }, line: 1 },
  });
  const ended = (phase: string, outcome: string, flows: number): Recorded => [
    'flow_outcomes',
    { kind: 'F1', outcome, phase },
    count(flows),
  ];
  const base = (mismatched: number): readonly Recorded[] => [
    ['flows', { kind: 'F1' }, count(60)],
    ['starts_answered', {}, count(60)],
    ['fault_injections', { fault: 'unavailable', edge: 'start' }, count(1)],
    ['fault_injections', { fault: 'slow', edge: 'start' }, count(1)],
    ended('steady', 'device_paired', 30),
    ended('fault', 'http_error', 20),
    ended('recovery', 'timed_out', 2),
    ['outcome_mismatch', { kind: 'F1', phase: 'fault' }, rate(20, 20)],
    ['outcome_mismatch', { kind: 'F1', phase: 'recovery' }, rate(2, 2)],
    ['outcome_mismatch', { kind: 'F1', phase: 'steady' }, rate(mismatched, 38)],
    ['http_reqs', { name: 'start', peer: 'pf', status: '503', phase: 'fault' }, count(20)],
  ];
  const RED: Partial<RunEnd> = {
    ...{ verdict: 'fail', exitCode: 99 },
    thresholds: [threshold('http_req_failed{phase:steady}', 'rate<0.01', 0.04, false)],
  };

  it('is told as within them, and never as a cause that sends somebody to the logs of the target', () => {
    const causes = [failed('http_error', 'HTTP 503', 20), failed('timed_out', 'NO_PUSH', 2, 'decide')];
    const model = modelOf(base(0), { script: 'resilience', end: { ...END, ...RED, causes } });
    expect(model.verdict.causes.map(({ of, text, remedy }) => [of, text, remedy])).toEqual([
      ['threshold', 'failed requests in steady: 4.0 %, limit 1 % (4 times it)', ''],
      ['flows', 'within the faults unavailable and slow: 22 flows (20 http_error, 2 timed_out)', ''],
    ]);
  });

  it('leaves as causes what also failed outside of them, with its own count', () => {
    const causes = [failed('http_error', 'HTTP 503', 28), failed('timed_out', 'NO_PUSH', 2, 'decide')];
    const outside: readonly Recorded[] = [
      ...base(8),
      ended('steady', 'http_error', 8),
      ['http_reqs', { name: 'start', peer: 'pf', status: '503', phase: 'steady' }, count(8)],
    ];
    const model = modelOf(outside, { script: 'resilience', end: { ...END, ...RED, causes } }, []);
    expect(model.verdict.causes.map(({ text, remedy }) => [text, remedy])).toEqual([
      [
        '8 flows outside of the faults unavailable and slow ended as http_error: HTTP 503 at start',
        "look into the target's logs at that time",
      ],
      ['within the faults unavailable and slow: 22 flows (20 http_error, 2 timed_out)', ''],
    ]);
  });

  it('has bands that end where the end was confirmed, with names that are never cut', () => {
    const edge = (fault: string, which: string, second: number): Recorded => [
      'fault_edge_ms',
      { fault, edge: which },
      { samples: 1, value: Date.parse('2026-11-24T12:00:00.000Z') + 1_000 * second, min: 0, max: 0, at: 0 },
    ];
    const model = modelOf(
      [
        ...base(0),
        ['fault_injections', { fault: 'unavailable', edge: 'end' }, count(1)],
        ['fault_injections', { fault: 'slow', edge: 'end' }, count(1)],
        ...[edge('unavailable', 'start', 0.2), edge('unavailable', 'end', 0.45)],
        ...[edge('slow', 'start', 0.5), edge('slow', 'end', 0.8)],
      ],
      { script: 'resilience', end: { ...END, thresholds: HELD } },
    );
    expect(model.bands.map(({ name, kind, fromMs, toMs }) => [name, kind, fromMs, toMs])).toEqual([
      ['unavailable', 'fault', 200, 450],
      ['slow', 'fault', 500, 800],
    ]);
  });
});

describe('Charts', () => {
  const seconds: readonly Recorded[] = [
    ['http_req_duration', { ...ofStep('start'), phase: 'steady' }, times(10)],
    ['http_reqs', { peer: 'pf', phase: 'steady' }, count(1)],
  ];

  it('name the simulator where it was the target', () => {
    expect(modelOf(seconds, { simulated: true }).latency!.of).toBe('answered requests to the simulator');
    expect(modelOf(seconds).latency!.of).toBe('answered requests to PingFederate');
  });
});

describe('Lines', () => {
  const time = { columns: 4, widthMs: 1_000 };
  const chart = (more: object): string =>
    shown(
      lineChart({
        ...{ id: 'x', title: 'x', unit: 'share', time },
        lines: [{ name: 'failed', style: 'bad', values: [0, 1, null, 0] }],
        ...more,
      }).text,
    );

  it('last as long as the interval of their value: nothing is drawn before it happened', () => {
    expect(chart({})).toContain('d="M0 100H1V0H2M3 100H4"');
  });

  it('of limits are drawn in the phases in which they hold, and named by them', () => {
    const phase = (name: string, ms: number): ThresholdRow => ({
      ...{ metric: `poll_duration{phase:${name}}`, expression: `p(95)<${ms}`, ok: true, value: 1, limit: ms },
      ...{ unit: 'ms', margin: 0.5 },
    });
    const limits = limitsOn([phase('steady', 0.4), phase('spike', 0.8), phase('recovery', 0.4)], onLatency());
    expect(limits.map(({ name }) => name)).toEqual(['limit of p95, steady and recovery', 'limit of p95, spike']);
    const bands = ['steady', 'spike', 'recovery'].map((name, at) => ({
      ...{ name, kind: 'part', fromMs: 1_000 * at, toMs: 1_000 * (at + (at === 2 ? 2 : 1)) },
    }));
    expect(chart({ limits, bands }).match(/class="limit" x1="\d+" x2="\d+"/g)).toEqual(
      [
        [0, 1],
        [2, 4],
        [1, 2],
      ].map(([from, to]) => `class="limit" x1="${from}" x2="${to}"`),
    );
  });
});

describe('A smoke that failed', () => {
  it('says in how many kinds, and how many flows failed otherwise than the causes that are named', () => {
    const flow = (at: number): FailureRecord =>
      ({
        ...{ kind: 'F5', prescribed: 'denied', outcome: 'http_error', reason: 'x', user: at },
        steps: [{ step: `step${at}`, http: 500, ms: 1, error: 'HTTP 500' }],
      }) as unknown as FailureRecord;
    const model = modelOf(
      flowsWith(9),
      {
        script: 'smoke',
        end: {
          ...END,
          ...{ verdict: 'fail', exitCode: 99 },
          thresholds: [...HELD, threshold('outcome_mismatch', 'rate==0', 0.15, false)],
        },
      },
      Array.from({ length: 7 }, (_, at) => flow(at)),
    );
    expect(model.answer.sentence).toBe(
      '9 of 60 flows, in 1 of 2 kinds, did not end as expected; 1 of 2 thresholds failed.',
    );
    expect(model.verdict.causes).toHaveLength(6);
    expect(model.verdict.causes.at(-1)!.text).toBe('and 4 more flows');
    // The same count everywhere: the banner does not say it a second time.
    expect(bannerOf(model).match(/1 of 2 thresholds failed/g)).toHaveLength(1);
    expect(screenOf(model)).toContain('✗ 9 of 20<span class="hear"> flows did not end as expected');
  });
});

describe('The page of a capacity search', () => {
  const answer = answerOf(kneeAt(57), 40);
  const page = shown(answerPage(answer));

  it('has one headline, pairings an hour with their error, and below it the rate', () => {
    expect(page).toMatch(
      /<strong>6\d,\d00 pairings an hour <span class="error">95 %: \d\d,\d00 to \d\d,\d00<\/span><\/strong>\s*<p>5\d(\.\d)? sign-ins\/s meet the objective/,
    );
    expect(page.match(/<dt>[^<]*<\/dt>/g)).toEqual([
      '<dt>Safe to promise</dt>',
      '<dt>Sign-ins an hour</dt>',
      '<dt>People signing in at a time</dt>',
    ]);
    expect(page).not.toMatch(/Promise an hour|twice the time/);
  });

  it('says what its share is of', () => {
    expect(page).toContain('Share of requests slower than 100 ms');
    expect(shareOf({ selector: 'http_req_duration{name:poll,peer:pf}', limit: 300, shownLimit: '300 ms' })).toBe(
      'share of poll requests slower than 300 ms',
    );
    expect(shareOf({ selector: 'http_req_failed{peer:pf}', limit: null, shownLimit: '1 %' })).toBe(
      'share of failed requests',
    );
  });

  it('says in its banner that levels count although the generator was at fault', () => {
    const [first, ...others] = answer.levels;
    const levels = [{ ...first!, why: 'allowed although the load generator stalled' }, ...others];
    const said = allowedSentence(levels);
    expect(said).toMatch(/^1 of \d+ levels counts although the load generator was at fault \(--allow-invalid\)/);
    expect(answerPage({ ...answer, levels }).split('<dl')[0]).toContain(said);
    expect(answerPage({ ...answer, levels })).toContain('class="verdict warn"');
    expect(allowedSentence(answer.levels)).toBe('');
  });
});

describe('A threshold that failed', () => {
  const words = (metric: string, expression: string, row: Partial<ThresholdRow>): string =>
    failedWords({ metric, expression, ok: false, value: 0, limit: 0, unit: 'ms', margin: null, ...row });

  it('is said in words, not as a selector, with what its tags limit', () => {
    const limit = { value: 1_320, limit: 1_000, margin: -0.32 };
    expect(
      words('http_req_duration{expected_response:true,name:authenticate,peer:pf,phase:steady}', 'p(95)<1000', limit),
    ).toBe('authenticate p95 in steady: 1.32 s, limit 1 s (32 % beyond it)');
    expect(words('http_req_duration{level:05,peer:pf}', 'avg<1000', limit)).toBe(
      'request mean of level 05: 1.32 s, limit 1 s (32 % beyond it)',
    );
    expect(words('flows{kind:F1}', 'count>0', { unit: 'count' })).toBe('flows of kind F1: 0, more than 0 asked for');
    expect(words('my_wait', 'p(95)<1000', { value: null, limit: null })).toBe(
      'my wait p95: without a sample, limit p(95)<1000',
    );
  });
});

describe('A run that says nothing about the target', () => {
  const late = finding('generator_delayed', { data: { what: 'event_loop', p99Ms: 931, limitMs: 500 } });
  const model = modelOf(flowsWith(9), {
    script: 'smoke',
    end: {
      ...END,
      ...{ verdict: 'invalid', exitCode: 120, findings: [LATE, late] },
      thresholds: [
        threshold('outcome_mismatch', 'rate==0', 0.15, false),
        threshold('http_req_failed{peer:device}', 'rate==0', 0.1, false),
      ],
    },
  });

  it('says so once, and has no figure that looks like a verdict', () => {
    expect(screenOf(model).match(/say nothing/g)).toHaveLength(1);
    expect(screenOf(model)).not.toContain('class="attention"');
    expect(model.highlights.every(({ attention }) => !attention)).toBe(true);
  });

  it('or that failed on the phone side has no failed requests to the target', () => {
    const failed = modelOf([...flowsWith(0), ['http_req_failed', { peer: 'pf' }, rate(0, 20)]], {
      script: 'smoke',
      end: {
        ...END,
        ...{
          verdict: 'fail',
          exitCode: 99,
          thresholds: [threshold('http_req_failed{peer:device}', 'rate==0', 1, false)],
        },
      },
    });
    expect(failed.highlights.find(({ name }) => name === 'failed_requests')).toMatchObject({
      value: 0,
      attention: false,
    });
    expect(screenOf(failed)).toContain('failed requests of the phone side');
  });
});

describe('A run that was killed', () => {
  it('says until when it was recorded, and nothing twice', () => {
    const screen = screenOf(modelOf(flowsWith(0), { script: 'load', end: null }));
    expect(screen).toContain('2026-11-24 12:00:00 UTC to 2026-11-24 12:00:01 UTC, when it was killed');
    expect(screen.match(/the figures cover/g)).toHaveLength(1);
  });
});

describe('The plan of a run with random starts', () => {
  const page = (settings: Readonly<Record<string, string>>, planned: number): string =>
    htmlReport(
      modelOf(flowsWith(0), {
        settings,
        scenarios: [
          {
            ...{ name: 'steady', executor: 'constant-arrival-rate', startMs: 0, durationMs: 1_000, maxVus: 9 },
            arrivals: [
              [0, planned],
              [1_000, planned],
            ],
          },
        ],
      }),
    );

  it('is not missed by what chance makes of it', () => {
    expect(page({ ARRIVALS: 'poisson' }, 70)).toContain('their number scatters by some 8 around the plan');
    expect(page({ ARRIVALS: 'poisson' }, 200)).toContain('Fewer starts than planned, although none was dropped.');
    expect(page({ ARRIVALS: 'even' }, 70)).toContain('Fewer starts than planned, although none was dropped.');
  });
});

describe('The time axis', () => {
  const scenario = (name: string, startMs: number, durationMs: number) => ({
    ...{ name, executor: 'ramping-arrival-rate', startMs, durationMs, peakRate: 5, maxVus: 9 },
  });
  const phase = (name: string) => modelOf([['http_reqs', { peer: 'pf', phase: name }, count(1)]]).phases[0]!;
  const of = (scenarios: readonly ReturnType<typeof scenario>[], endMs: number, startsMs = Infinity): unknown[] =>
    timeBands({
      faults: [],
      staircase: null,
      phases: [phase('ramp'), phase('steady')],
      scenarios,
      endMs,
      startsMs,
    }).map(({ name, fromMs, toMs }) => [name, fromMs, toMs]);

  it('has phases as they were planned, and the time behind them in which flows only end', () => {
    const planned = [scenario('ramp', 0, 3_000), scenario('steady', 3_000, 30_000)];
    expect(of(planned, 62_000)).toEqual([
      ['ramp', 0, 3_000],
      ['steady', 3_000, 33_000],
      ['no new flows', 33_000, 62_000],
    ]);
    // Stopped in the middle: nothing is marked that was not played.
    expect(of(planned, 10_000)).toEqual([
      ['ramp', 0, 3_000],
      ['steady', 3_000, 10_000],
    ]);
    // Stopped in the ramp, whose last flows still took half a minute.
    expect(of(planned, 37_000, 2_000)).toEqual([
      ['ramp', 0, 2_000],
      ['no new flows', 2_000, 37_000],
    ]);
  });

  it('marks where nothing was recorded, between the first and the last that was', () => {
    const there = count(1);
    expect(holeBands([undefined, there, undefined, undefined, there, there, undefined], 1_000)).toEqual([
      { name: '', kind: 'hole', fromMs: 2_000, toMs: 4_000 },
    ]);
  });
});

describe('The page of a comparison', () => {
  const metric = (shownAlike: boolean): MetricComparison => ({
    ...{ name: 'poll_duration p95', metric: 'poll_duration', unit: 'ms', worse: 'higher', reason: null },
    verdict: 'no_difference_shown',
    base: { value: 100, low: 90, high: 110, samples: 400 },
    new: { value: 178, low: 60, high: 800, samples: 400 },
    difference: {
      value: 0.78,
      low: -0.6,
      high: 13.14,
      level: 0.95,
      p: 0.4,
      significant: false,
      beyondTolerance: false,
      shownAlike,
      degrees: 9,
      betweenRuns: null,
    },
  });
  const page = (...alike: readonly boolean[]): string => {
    const comparison: Comparison = {
      ...{ comparison: 'pairstorm', version: 1, verdict: 'no_difference_shown', settings: DEFAULT_SETTINGS },
      ...{ base: [], new: [], findings: [], changes: [], metrics: alike.map(metric) },
    };
    return shown(comparisonPage(comparison, '0')).split('<main')[0]!;
  };

  it('is green only where every metric is shown to be alike, and says where nothing is known', () => {
    expect(page(false, false)).toMatch(/class="verdict warn".*NOT KNOWN<.*Not known whether it is worse: /s);
    expect(page(true, false)).toMatch(
      /class="verdict open".*NO DIFFERENCE SHOWN<.*1 is shown to be alike, 1 may still/s,
    );
    expect(page(true, true)).toMatch(/class="verdict pass".*NO DIFFERENCE<.*shown for all 2 metrics/s);
  });
});
