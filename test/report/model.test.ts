import fc from 'fast-check';
import { ownMetric } from '../../analysis/comparison/judged-metrics.ts';
import { finding } from '../../catalogue/findings.ts';
import { decide } from '../../catalogue/verdict.ts';
import type { Finding } from '../../catalogue/findings.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { Histogram } from '../../contract/histogram.ts';
import { plannedArrivals, plannedRate } from '../../contract/planned-scenario.ts';
import { ofStep } from '../../contract/selector.ts';
import { MOST_COLUMNS } from '../../record/record-fold.ts';
import type { RunFile } from '../../record/run-file.ts';
import { htmlReport } from '../../report/html/page.ts';
import { invariants } from '../../report/invariants.ts';
import { buildReportModel } from '../../report/model/build-report-model.ts';
import { heatmap } from '../../report/model/heatmap.ts';
import type { ReportModel } from '../../report/model/report-model.ts';
import { RUN, counter, folded, rate, trend } from './small-record.ts';
import type { Sample } from './small-record.ts';
import { describe, expect, it } from 'vitest';

const PF = { peer: 'pf', phase: 'steady' };

/** Two seconds of a small load by hand. */
const SAMPLES: readonly Sample[] = [
  [0, 'flows', { kind: 'F1' }, counter(8)],
  [0, 'flows', { kind: 'F4' }, counter(2)],
  [1, 'flows', { kind: 'F4' }, counter(10)],
  [0, 'starts_answered', {}, counter(9)],
  [1, 'starts_answered', {}, counter(10)],
  [1, 'flow_outcomes', { kind: 'F1', outcome: 'device_paired' }, counter(7)],
  [1, 'flow_outcomes', { kind: 'F1', outcome: 'pairing_error' }, counter(1)],
  [2, 'flow_outcomes', { kind: 'F4', outcome: 'authenticated' }, counter(9)],
  [2, 'flow_outcomes', { kind: 'F4', outcome: 'http_error' }, counter(2)],
  [2, 'outcome_mismatch', { kind: 'F1' }, rate(8, 1)],
  [2, 'outcome_mismatch', { kind: 'F4' }, rate(11, 2)],
  [1, 'pairing_error_rate', { platform: 'iPhone' }, rate(5, 1)],
  [1, 'pairing_error_rate', { platform: 'Android' }, rate(3, 0)],
  [1, 'pairing_duration', { platform: 'iPhone' }, trend(100, 200)],
  [1, 'poll_error_rate', {}, rate(4, 1)],
  [1, 'late_polls', {}, counter(2)],
  [1, 'http_req_failed', { ...PF, name: 'poll' }, rate(4, 1)],
  [1, 'http_req_failed', { name: 'poll', peer: 'device' }, rate(50, 50)],
  [0, 'http_req_duration', ofStep('start'), trend(5)],
  [0, 'http_req_duration', ofStep('poll'), trend(10)],
  [1, 'http_req_duration', ofStep('poll'), trend(40, 40, 40)],
  [0, 'http_reqs', { ...PF, name: 'start' }, counter(1)],
  [1, 'http_reqs', { ...PF, name: 'poll', status: '503', error_code: '1503', expected_response: 'false' }, counter(1)],
];
const model = buildReportModel(RUN, folded(SAMPLES), []);

describe('the model of a report', () => {
  it('says the verdict in one sentence and puts what failed first', () => {
    expect(model.verdict).toEqual({
      verdict: 'fail',
      word: 'FAIL',
      sentence: '1 of 3 thresholds failed.',
      remedy: '',
      exitCode: 99,
      causes: [
        {
          of: 'threshold',
          text: 'poll p95: 40.0 ms, limit 20 ms (100 % beyond it)',
          remedy: '',
          command: '',
        },
      ],
      doubts: [],
      judged: true,
      remarks: [],
    });
    expect(
      model.thresholds.map(({ metric, ok, value, limit, margin, unit }) => [metric, ok, value, limit, margin, unit]),
    ).toEqual([
      ['poll_duration', false, 40, 20, -1, 'ms'],
      ['poll_error_rate', true, 0.25, 0.5, 0.5, 'share'],
      ['decision_lag', true, null, 20, null, 'plain'],
    ]);
  });

  const FAILED = RUN.end!.findings;
  const DOUBTS = [
    finding('records_disagree', { data: { starts: 21, flows: 20, unanswered: 0 }, gate: true }),
    finding('flows_lost', { data: { started: 20, ended: 19, interrupted: 0 }, gate: true }),
    finding('faults_unequal', { subject: 'slow', data: { seen: 9, served: 8 }, gate: true }),
  ];
  const TEXTS = [
    'The records disagree: the simulator answered 21 flow starts, the harness counts 20 flows, 0 starts without an answer.',
    'Flows were lost: 20 started and 19 ended, so 1 must have been interrupted, but 0 iterations were.',
    'Fault slow: the harness saw 9, the simulator served 8.',
  ];

  /** What is said of an end with these findings. */
  function sentenceWith(findings: readonly Finding[]): string {
    const end = { ...RUN.end!, ...decide(findings) };
    return buildReportModel({ ...RUN, end }, folded(SAMPLES), []).verdict.sentence;
  }

  it('says beside failed thresholds that the numbers cannot be trusted', () => {
    for (const [at, doubt] of DOUBTS.entries()) {
      expect(sentenceWith([...FAILED, doubt])).toBe(`${TEXTS[at]!} 1 of 3 thresholds failed.`);
    }
    for (const text of TEXTS) expect(sentenceWith([...FAILED, ...DOUBTS])).toContain(text);
  });

  it('gives the reason of a verdict that is not about thresholds, and says that a run was cut short', () => {
    expect(sentenceWith([finding('script_failed', { data: { message: 'exec.test.fail(): <no>' } })])).toBe(
      'The script failed the test: exec.test.fail(): <no>.',
    );
    expect(sentenceWith([...FAILED, finding('threshold_cut_short', { subject: 'flows' })])).toBe(
      '1 of 3 thresholds failed, and the run was aborted.',
    );
    expect(sentenceWith([{ code: 'moon', exit: 99, subject: '', data: {} }])).toBe('Unknown finding moon.');
  });

  it('counts flows by kind and outcome, and loses none', () => {
    const { started, ended, interrupted, unanswered, conserved, judged, notAsPrescribed, kinds } = model.flows!;
    expect({ started, ended, interrupted, unanswered, conserved, judged, notAsPrescribed }).toEqual({
      started: 20,
      ended: 19,
      interrupted: 1,
      unanswered: 1,
      conserved: true,
      judged: 19,
      notAsPrescribed: 3,
    });
    expect(
      kinds.map((row) => [
        row.kind,
        row.started,
        row.interrupted,
        row.outcomes.map(({ outcome, count, problem }) => [outcome, count, problem]),
      ]),
    ).toEqual([
      [
        'F1',
        8,
        0,
        [
          ['device_paired', 7, false],
          ['pairing_error', 1, false],
        ],
      ],
      [
        'F4',
        12,
        1,
        [
          ['authenticated', 9, false],
          ['http_error', 2, true],
        ],
      ],
    ]);
  });

  it('says so where the host interrupted another number of iterations than flows are missing', () => {
    const iterations = { ...RUN.end!.iterations, interrupted: 0 };
    const told = buildReportModel({ ...RUN, end: { ...RUN.end!, iterations } }, folded(SAMPLES), []);
    expect(told.flows!.conserved).toBe(false);
    // Where more than flows is iterated, at least as many as flows must have been interrupted.
    const more = (interrupted: number): boolean | null =>
      buildReportModel(
        { ...RUN, end: { ...RUN.end!, iterations: { ...RUN.end!.iterations, started: 22, interrupted } } },
        folded(SAMPLES),
        [],
      ).flows!.conserved;
    expect([more(0), more(1), more(2)]).toEqual([false, true, true]);
  });

  it('does not judge whether flows were lost where the host did not count what it interrupted', () => {
    const imported = buildReportModel({ ...RUN, host: 'k6' }, folded(SAMPLES), []);
    const iterations = { ...RUN.end!.iterations, derived: true };
    const merged = buildReportModel({ ...RUN, end: { ...RUN.end!, iterations } }, folded(SAMPLES), []);
    for (const told of [imported, merged]) {
      expect(told.flows).toMatchObject({ conserved: null, interruptedIterations: null });
      expect(invariants(told)).toContainEqual({
        name: 'no flow is lost',
        code: 'flows_lost',
        state: 'unknown',
        says: 'flows started 20 = ended 19 + interrupted 1; iterations interrupted by the host: not counted, so this is not judged',
      });
    }
    expect(invariants({ ...imported, flows: null })).toContainEqual(
      expect.objectContaining({ name: 'no iteration is lost', state: 'unknown' }),
    );
  });

  it('tells of the pairing and of the polling path, each on its own and over time', () => {
    expect(model.pairing!.total).toMatchObject({ judged: 8, errors: 1 });
    expect(
      model.pairing!.platforms.map(({ platform, judged, errors, duration }) => [
        platform,
        judged,
        errors,
        duration.max,
      ]),
    ).toEqual([
      ['Android', 3, 0, 0],
      ['iPhone', 5, 1, 200],
    ]);
    expect(model.pairing!.errorShareOverTime).toEqual([null, 0.125, null]);
    const { polls, judged, errors, latePolls, durationOverTime } = model.polling!;
    expect({ polls, judged, errors, latePolls }).toEqual({ polls: 6, judged: 4, errors: 1, latePolls: 2 });
    expect(durationOverTime).toEqual({
      count: [1, 3, 0],
      p50: [10, 40, null],
      p95: [10, 40, null],
      p99: [10, 40, null],
    });
  });

  it('says of a record from before, which has latencies under their aliases once more, the same', () => {
    const before = SAMPLES.flatMap((one): Sample[] => {
      const [at, metric, { name = '' }, counts] = one;
      if (metric !== 'http_req_duration') return [one];
      const polls: Sample[] = name === 'poll' ? [[at, 'poll_duration', {}, counts]] : [];
      return [one, [at, 'step_duration', { step: name }, counts], ...polls];
    });
    const old = buildReportModel(RUN, folded(before), []);
    expect(old.polling).toEqual(model.polling);
    expect(old.steps).toEqual(model.steps);
    expect(old.thresholds).toEqual(model.thresholds);
    expect(old.ownMetrics).toEqual(model.ownMetrics);
  });

  it('counts errors of a step among requests to PingFederate only', () => {
    expect(
      model.steps.map(({ name, failed, duration }) => [name, failed, duration.count, duration.min, duration.max]),
    ).toEqual([
      ['start', 0, 1, 5, 5],
      ['poll', 1, 4, 10, 40],
    ]);
    expect(model.errors).toEqual([
      {
        name: 'poll',
        peer: 'pf',
        side: 'target',
        status: '503',
        code: '1503',
        meaning: 'HTTP 503, server error',
        count: 1,
        expected: false,
      },
    ]);
  });

  it('puts on the first screen of the page what makes its numbers doubtful, once', () => {
    const screen = (run: RunFile, samples = SAMPLES): string =>
      htmlReport(buildReportModel(run, folded(samples), [])).split('<nav')[0]!;
    const end = { ...RUN.end!, simulator: { starts: 30 } };
    const text = 'the simulator answered 30 flow starts, the harness counts 20 flows, 1 start without an answer';
    expect(screen(RUN)).not.toContain('Do not trust');
    expect(screen({ ...RUN, end })).toContain(`this does not hold: the record of the simulator agrees; ${text}.`);
    const data = { starts: 30, flows: 20, unanswered: 1 };
    const closes = decide([...FAILED, finding('records_disagree', { data, gate: true })]);
    const gated = screen({ ...RUN, end: { ...end, ...closes } });
    expect(gated).toContain('The records disagree: the simulator answered 30 flow starts, the harness counts 20 flows');
    expect(gated).not.toContain('Do not trust');
    const iterations = { ...end.iterations, interrupted: 0 };
    expect(screen({ ...RUN, end: { ...RUN.end!, iterations } })).toContain(
      'this does not hold: no flow is lost; flows started 20',
    );
  });

  it('sets starts against the plan', () => {
    expect(model.throughput).toMatchObject({
      unit: 'flows',
      planned: [10, 10, 0],
      started: [10, 10, 0],
      ended: [0, 8, 11],
      totals: { planned: 20, started: 20, ended: 19, dropped: 0 },
    });
    expect(model.phases).toMatchObject([
      { name: 'steady', fromMs: 0, toMs: 2_000, requests: 4, failed: 1, requestsPerSecond: 2 },
    ]);
  });

  it('counts starts of iterations by the host, and claims none where it did not count', () => {
    const plan = { planned: 300, started: 300, completed: 250, interrupted: 50, dropped: 0 };
    const own = (run: Partial<RunFile>): ReportModel =>
      buildReportModel({ ...RUN, ...run }, folded([[0, 'iterations', {}, counter(250)]]), []);
    const told = own({ end: { ...RUN.end!, iterations: plan } });
    expect(told.throughput).toMatchObject({ started: null, totals: { started: 300, ended: 250 } });
    expect(told.highlights[1]).toMatchObject({ label: 'Iterations started', value: 300 });
    for (const untold of [own({ end: null }), own({ host: 'k6', end: { ...RUN.end!, iterations: plan } })]) {
      expect(untold.throughput!.totals).toMatchObject({ started: null, ended: 250 });
      expect(untold.highlights[1]).toMatchObject({ label: 'Iterations completed', value: 250 });
    }
    const long = RUN.scenarios.map((scenario) => ({
      ...scenario,
      arrivals: [[0, 100] as const, [3_000, 100] as const],
    }));
    const page = (run: Partial<RunFile>): string => htmlReport(own({ scenarios: long, ...run }));
    expect(page({ end: { ...RUN.end!, iterations: plan } })).toContain('Every planned start took place.');
    expect(page({ end: null })).not.toContain('iterations started');
    expect(page({ end: null })).not.toContain('did not come to the end of its plan');
  });

  it('judges the load generator by the limits of a run', () => {
    expect(model.generator.judged).toEqual([
      { what: 'Event loop blocked', p99Ms: 600, maxMs: 700, limitMs: 500, ok: false },
    ]);
  });

  it('says of a killed run until when it was recorded, and judges its thresholds by that', () => {
    const killed = buildReportModel({ ...RUN, end: null }, folded(SAMPLES), []);
    expect(killed.verdict).toMatchObject({ verdict: 'killed', word: 'INTERRUPTED', exitCode: null });
    expect(killed.verdict.sentence).toContain('Recorded until 2026-01-31 12:00:03 UTC');
    expect(killed.thresholds.map(({ metric, value, ok }) => [metric, Math.round(value!), ok])).toEqual([
      ['poll_duration', 40, false],
      ['poll_error_rate', 0, true],
    ]);
    expect(killed.flows!.conserved).toBeNull();
  });

  it('takes for the script’s own what neither host has, by the same table as a comparison', () => {
    const names = ['basket', 'vus_wanted', 'ws_sessions', 'grpc_req_duration', 'browser_web_vital_lcp', 'data_sent'];
    const own = buildReportModel(RUN, folded(names.map((name) => [0, name, {}, rate(2, 1)] as const)), []).ownMetrics;
    expect(own.map(({ metric }) => metric)).toEqual(['basket', 'vus_wanted']);
    const compared = names.filter(
      (metric) => ownMetric({ metric, type: 'rate', contains: 'default', tags: {} }) !== undefined,
    );
    expect(compared).toEqual(['basket', 'vus_wanted']);
  });

  it('has requests, checks and metrics of a script that plays no flows', () => {
    const own = buildReportModel(
      RUN,
      folded([
        [0, 'http_req_duration', { name: '/pay' }, trend(10, 20)],
        [0, 'http_req_failed', { name: '/pay' }, rate(2, 1)],
        [0, 'iterations', {}, counter(2)],
        [0, 'checks', { check: 'is paid' }, rate(2, 1)],
        [0, 'basket}{', {}, trend(3)],
      ]),
      [],
    );
    expect(own.flows).toBeNull();
    expect(own.pairing).toBeNull();
    expect(own.requests).toMatchObject([{ name: '/pay', failed: 1, duration: { count: 2, min: 10, max: 20 } }]);
    expect(own.checks).toEqual([{ name: 'is paid', passes: 1, fails: 1 }]);
    expect(own.ownMetrics).toMatchObject([{ metric: 'basket}{', type: 'trend', samples: 1, trend: { max: 3 } }]);
    expect(own.throughput!.unit).toBe('iterations');
    expect(own.latency!.of).toBe('answered requests');
  });

  it('of a record without series still tells the verdict, the thresholds and that the rest is missing', () => {
    const bare = buildReportModel(RUN, folded([]), []);
    expect(bare.time).toBeNull();
    expect(bare.flows).toBeNull();
    expect(bare.thresholds).toHaveLength(3);
    expect(bare.notes[0]).toContain('The record has no time series');
  });

  it('of a record with counts alone says that durations are missing', () => {
    const counts = SAMPLES.filter(([, , , total]) => !('histogram' in total));
    const old = buildReportModel(RUN, folded(counts), []);
    expect(old.flows!.started).toBe(20);
    expect(old.polling).toMatchObject({ judged: 4, errors: 1, polls: 6 });
    expect(old.notes).toContain('The record has counts but no durations: latencies are left out.');
  });

  it('stands a record that says it lasted longer than the world', () => {
    const long = folded([...SAMPLES, [2 ** 52, 'flows', { kind: 'F1' }, counter(1)]]);
    const { verdict, time, flows } = buildReportModel({ ...RUN, end: null }, long, []);
    expect(verdict.sentence).toContain('Recorded until no time');
    expect(time!.columns).toBeLessThanOrEqual(MOST_COLUMNS);
    expect(flows!.started).toBe(21);
  });

  it('shows of each group of failed flows some, however many the others are, the slowest first', () => {
    const failure = (reason: string, ms: number): FailureRecord => ({
      run: 'r',
      inventory: { generator: 'g', seed: 1, population: 'p', users: 1 },
      user: 0,
      kind: 'F4',
      prescribed: 'authenticated',
      outcome: 'http_error',
      reason,
      steps: [{ step: 'poll', http: 503, ms }],
    });
    const many = Array.from({ length: 500 }, (_, at) => failure('503', at));
    const { failures } = buildReportModel(RUN, folded([]), [...many, failure('reset', 7)]);
    expect(failures.groups.map(({ reason, count }) => [reason, count])).toEqual([
      ['503', 500],
      ['reset', 1],
    ]);
    expect(failures.flows.map(({ reason }) => reason)).toContain('reset');
    expect(failures.flows[0]!.totalMs).toBe(499);
    expect(failures).toMatchObject({ seen: 3, kept: 501 });
  });
});

describe('time in a report', () => {
  it('keeps every count, whatever the length and the order of a run, in a bounded number of columns', () => {
    const indices = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(indices, (given) => {
        const fold = folded(
          given.flatMap((at): Sample[] => [
            [at, 'flows', {}, counter(1)],
            [at, 'http_req_duration', ofStep('poll'), trend(at + 1)],
          ]),
        );
        const counts = fold.track('flows').map((total) => (total === undefined ? 0 : total.samples));
        expect(counts.length).toBeLessThanOrEqual(MOST_COLUMNS);
        expect(counts.length).toBe(Math.floor(Math.max(...given) / fold.axis.perColumn) + 1);
        const expected = counts.map(
          (_, column) => given.filter((at) => Math.floor(at / fold.axis.perColumn) === column).length,
        );
        expect(counts).toEqual(expected);
        const polls = fold
          .track('polls')
          .flatMap((total) => (total !== undefined && 'histogram' in total ? [total.histogram] : []));
        const merged = new Histogram();
        polls.forEach((histogram) => merged.merge(histogram));
        const whole = new Histogram();
        given.forEach((at) => whole.record(at + 1));
        expect({ ...merged.encode(), sum: 0 }).toEqual({ ...whole.encode(), sum: 0 });
      }),
    );
  });

  it('puts every sample into the row of the heatmap that it belongs to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (values) => {
          const { fromMs, toMs, counts } = heatmap([trend(...values)])!;
          const rowOf = (value: number): number => fromMs.findLastIndex((from) => value >= from);
          expect(Math.max(...values)).toBeLessThan(toMs);
          expect(Math.min(...values)).toBeGreaterThanOrEqual(fromMs[0]!);
          expect(counts.map(([count]) => count)).toEqual(
            fromMs.map((_, row) => values.filter((value) => rowOf(value) === row).length),
          );
        },
      ),
    );
  });

  it('finds between any two moments what the plan wanted there', () => {
    const ramp = [
      [0, 0],
      [10_000, 20],
      [20_000, 20],
    ] as const;
    expect(plannedArrivals(ramp, 0, 20_000)).toBeCloseTo(300);
    expect(plannedArrivals(ramp, 5_000, 10_000)).toBeCloseTo(75);
    expect(plannedArrivals(ramp, 30_000, 40_000)).toBe(0);
    const millisecond = (ms: number): number => plannedArrivals(ramp, ms - 0.5, ms + 0.5) * 1_000;
    for (const ms of [1, 2_500, 9_000, 15_000, 25_000]) expect(plannedRate(ramp, ms)).toBeCloseTo(millisecond(ms));
  });
});
