import fc from 'fast-check';
import type { Contains, MetricType } from '../../../catalogue/metrics.ts';
import { OUTCOMES } from '../../../catalogue/outcomes.ts';
import { PF_STEPS } from '../../../catalogue/steps.ts';
import { liveFrame } from '../../../cli/live/live-frame.ts';
import { liveLine, rateWords } from '../../../cli/live/live-line.ts';
import { liveNumbers } from '../../../cli/live/live-numbers.ts';
import type { LiveNumbers } from '../../../cli/live/live-numbers.ts';
import { elapsedText, msText, ratePerSecond, sharePercent } from '../../../cli/live/number-words.ts';
import { columnsOf, paintedLine } from '../../../cli/live/painted-line.ts';
import { plannedRateNow } from '../../../cli/live/planned-rate.ts';
import type { LoadPlan } from '../../../cli/live/planned-rate.ts';
import { recentWindow } from '../../../cli/live/recent-window.ts';
import { Histogram } from '../../../contract/histogram.ts';
import { ofStep } from '../../../contract/selector.ts';
import type { NamedSeries, NumberedInterval, SeriesCounts, Tags } from '../../../contract/series-counts.ts';
import { SeriesTotals } from '../../../contract/series-totals.ts';
import { UNPARTITIONED } from '../../../engine/executors/partition.ts';
import type { ScenarioPlan } from '../../../engine/executors/table.ts';
import type { Progress } from '../../../engine/live-counts.ts';
import { describe, expect, it } from 'vitest';

const common = { startTimeMs: 0, gracefulStopMs: 0, exec: 'default', env: {}, tags: {}, preAllocatedVus: 1, maxVus: 1 };
const constant = (perSecondPlanned: number, durationMs: number, startTimeMs = 0): ScenarioPlan => ({
  ...common,
  ...{
    name: 'c',
    executor: 'constant-arrival-rate',
    rate: perSecondPlanned,
    timeUnitMs: 1_000,
    durationMs,
    startTimeMs,
  },
});

/** Intervals as the engine gives them: each series named once. */
/** The plan of a run that one machine plays alone. */
const wholeOf = (scenarios: readonly ScenarioPlan[]): LoadPlan => ({ scenarios, segment: UNPARTITIONED });

function intervals() {
  const numbers = new Map<string, number>();
  return (
    index: number,
    recorded: readonly (readonly [string, MetricType, Tags, SeriesCounts])[],
  ): NumberedInterval => {
    const named: NamedSeries[] = [];
    return {
      index,
      recorded: recorded.map(([metric, type, tags, counts]) => {
        const key = JSON.stringify([metric, tags]);
        let number = numbers.get(key);
        if (number === undefined) {
          numbers.set(key, (number = numbers.size));
          named.push({ number, metric, type, contains: 'default' satisfies Contains, tags });
        }
        return [number, counts];
      }),
      named,
    };
  };
}

const times = (...values: number[]): SeriesCounts => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.encode();
};
const many = (count: number, value: number): SeriesCounts => times(...Array<number>(count).fill(value));

function progress(values: Record<string, Record<string, number>>, outcomes: Record<string, number> = {}): Progress {
  const metrics = new SeriesTotals();
  const add = (metric: string, type: MetricType, tags: Tags, counts: SeriesCounts): void =>
    metrics.add({ recorded: [[{ metric, type, contains: 'default', tags }, counts]] });
  for (const [metric, { count, passes }] of Object.entries(values)) {
    if (count !== undefined) add(metric, 'counter', {}, { samples: 1, sum: count });
    else add(metric, 'rate', {}, { samples: passes ?? 1, passes: passes ?? 0 });
  }
  for (const [outcome, sum] of Object.entries(outcomes))
    add('flow_outcomes', 'counter', { outcome }, { samples: 1, sum });
  return {
    ...{ elapsedMs: 12_000, totalMs: 75_000, vus: 25, vusMax: 60 },
    iterations: { started: 1, completed: 0, interrupted: 0, dropped: 0, thrown: 0 },
    metrics,
  };
}

const text = (numbers: LiveNumbers, columns: number, rows: number): string[] =>
  liveFrame(numbers, columns, rows).map((line) => paintedLine(line, columns, false));

const NUMBERS: LiveNumbers = {
  ...{ elapsedMs: 12_000, totalMs: 75_000, part: 'steady', vus: 25, vusMax: 60, unit: 'flows' },
  ...{ perSecond: 19.8, plannedPerSecond: 20, finishingMs: undefined, p95Ms: 34.4, errors: 1, threw: 0 },
  steps: PF_STEPS.slice(0, 12).map((name, at) => ({
    ...{ name, perSecond: 60 - at, p95Ms: at === 0 ? undefined : 12.3 * at ** 2, errors: at === 1 ? 0.0213 : 0 },
  })),
  pairing: { perSecond: 3.2, errors: 0.0833, p95Ms: 193 },
  polling: { perSecond: 62.1, errors: 0, p95Ms: 48.3, lagP95Ms: 942.4, pollsMed: 4 },
  outcomes: [
    ...[
      { outcome: 'authenticated', count: 30 },
      { outcome: 'device_paired', count: 12 },
    ],
    ...[
      { outcome: 'denied', count: 2 },
      { outcome: 'http_error', count: 1 },
    ],
  ],
  generator: { eventLoopP99Ms: 2.13, startLagP99Ms: 0.31, stepLatenessP99Ms: 1.5, cpuCores: 0.83, dropped: 0 },
};

describe('What a terminal shows of a run', () => {
  it('is time, part, load and errors, the busiest steps, both paths, outcomes, and the generator', () => {
    expect(text(NUMBERS, 79, 22)).toEqual(
      [
        '0:12/1:15 steady  19.8/20.0 flows/s  1 error  25 of 60 VUs',
        '                            per s       p95   errors',
        'start                        60.0         –    0.0 %',
        'readFlow                     59.0   12.3 ms    2.1 %',
        ...text(NUMBERS, 79, 22).slice(4, 10),
        'pairing   3.2/s  p95 193 ms  pairing_error 8.3 %',
        'polling   62.1/s  p95 48.3 ms  errors 0.0 %  lag p95 942 ms  polls/wait 4',
        'outcomes  auth 30, paired 12, denied 2, http error 1',
        'generator late p99: loop 2.13 ms, starts 0.31 ms, timers 1.50 ms  CPU 0.83',
      ].map((line) => (line.length > 79 ? `${line.slice(0, 78)}…` : line)),
    );
  });

  it('drops steps first on a low terminal, then the generator and outcomes, and ends as one line', () => {
    const heads = (rows: number): (string | undefined)[] =>
      text(NUMBERS, 79, rows).map((line) => /^[a-z]\w*|^\d+:\d+/i.exec(line)?.[0]);
    expect(heads(8)).toEqual(['0:12', undefined, 'start', 'readFlow', 'pairing', 'polling', 'outcomes', 'generator']);
    expect(heads(6)).toEqual(['0:12', 'pairing', 'polling', 'outcomes', 'generator']);
    expect(heads(4)).toEqual(['0:12', 'pairing', 'polling', 'outcomes']);
    expect(text(NUMBERS, 79, 1)).toEqual([paintedLine([liveLine(NUMBERS)], 79, false)]);
  });

  it('puts outcomes that do not fit on a second line', () => {
    const outcomes = OUTCOMES.map((outcome, at) => ({ outcome, count: 1_000 - at }));
    const shown = text({ ...NUMBERS, outcomes }, 79, 22).slice(-3);
    expect(shown[0]).toMatch(/^outcomes {2}paired 1000, .*,$/);
    expect(shown[1]).toMatch(/^ {10}\S.*…$/);
    expect(shown[2]).toMatch(/^generator/);
  });

  it('is never wider or higher than its place, whatever the numbers and names', () => {
    const number = fc.oneof(fc.double({ min: 0, noNaN: true }), fc.nat());
    const maybe = fc.option(number, { nil: undefined });
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...PF_STEPS));
    const path = { perSecond: number, errors: maybe, p95Ms: maybe };
    const numbers: fc.Arbitrary<LiveNumbers> = fc.record({
      ...{ elapsedMs: fc.nat(), totalMs: fc.option(fc.nat(), { nil: undefined }), vus: fc.nat(), vusMax: fc.nat() },
      part: fc.option(name, { nil: undefined }),
      unit: fc.constantFrom('flows', 'iterations'),
      ...{
        perSecond: number,
        plannedPerSecond: maybe,
        p95Ms: maybe,
        errors: fc.nat(),
        threw: fc.nat(),
        finishingMs: maybe,
      },
      steps: fc.array(fc.record({ name, ...path }), { maxLength: 12 }),
      pairing: fc.option(fc.record(path), { nil: undefined }),
      polling: fc.option(fc.record({ ...path, lagP95Ms: maybe, pollsMed: maybe }), { nil: undefined }),
      outcomes: fc.array(fc.record({ outcome: name, count: fc.nat() }), { maxLength: 17 }),
      generator: fc.record({
        ...{
          eventLoopP99Ms: maybe,
          startLagP99Ms: maybe,
          stepLatenessP99Ms: maybe,
          cpuCores: maybe,
          dropped: fc.nat(),
        },
      }),
    });
    const size = fc.tuple(fc.integer({ min: 1, max: 210 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(numbers, size, (live, [columns, rows]) => {
        const frame = text(live, columns, rows);
        expect(frame.length).toBeLessThanOrEqual(Math.min(16, rows));
        for (const line of frame) {
          expect(columnsOf(line)).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });
});

describe('The line of a run without a terminal', () => {
  it('says time, part, VUs, rate, latency, errors, both paths, and outcomes, the most frequent first', () => {
    expect(liveLine(NUMBERS)).toBe(
      '0:12/1:15 steady  25 VUs  19.8/20.0 flows/s  p95 34.4 ms  1 error  pairing_error 8.3 %  ' +
        'polls 62.1/s p95 48.3 ms, decision lag p95 942 ms | auth 30, paired 12, denied 2, http error 1',
    );
  });

  it('says how many iterations threw, as the block does: none of them need have sent a request', () => {
    const threw = { ...NUMBERS, errors: 0, threw: 12 };
    expect(liveLine(threw)).toContain('  0 errors  12 threw  ');
    expect(text(threw, 79, 22)[0]).toContain('  0 errors  12 threw  ');
  });

  it('says when the planned time is over and flows are finishing', () => {
    expect(liveLine({ ...NUMBERS, elapsedMs: 80_000 })).toMatch(/^1:20\/1:15 finishing steady {2}25 VUs/);
  });
});

describe('Live numbers', () => {
  it('are those of the last ten seconds; outcomes and errors those of the whole run', () => {
    const window = recentWindow(1_000, 10);
    const interval = intervals();
    for (let second = 0; second < 30; second++) {
      // Twenty seconds of 50 flows/s at 900 ms, then ten of 20 flows/s at 10 ms.
      const [flows, ms] = second < 20 ? [50, 900] : [20, 10];
      window.add(
        interval(second, [
          ['flows', 'counter', { kind: 'F1', phase: second < 20 ? 'ramp' : 'steady' }, { samples: flows, sum: flows }],
          ['http_req_duration', 'trend', ofStep('start'), many(flows, ms)],
          ['http_req_duration', 'trend', ofStep('poll'), many(3 * flows, ms)],
          [
            'http_req_failed',
            'rate',
            { name: 'poll', peer: 'pf' },
            { samples: 3 * flows, passes: second < 20 ? 0 : 6 },
          ],
          ['http_req_failed', 'rate', { name: 'poll', peer: 'device' }, { samples: flows, passes: flows }],
          ['decision_lag', 'trend', {}, many(2, 3 * ms)],
          ['pairing_duration', 'trend', { platform: 'iPhone' }, many(5, 2 * ms)],
          ['pairing_error_rate', 'rate', { platform: 'iPhone' }, { samples: 5, passes: 1 }],
          ['generator_event_loop_delay', 'trend', {}, many(10, 1)],
        ]),
      );
    }
    const whole = { flows: { count: 1_200 }, poll_duration: { count: 1 }, pairing_duration: { count: 1 } };
    const now = progress(whole, { denied: 2, http_error: 3, authenticated: 30 });
    const live = liveNumbers(wholeOf([constant(20, 60_000)]))(now, window.totals());
    expect(live).toMatchObject({
      ...{ part: 'steady', unit: 'flows', perSecond: 20, plannedPerSecond: 20, errors: 3 },
      outcomes: [
        { outcome: 'authenticated', count: 30 },
        { outcome: 'http_error', count: 3 },
        { outcome: 'denied', count: 2 },
      ],
      pairing: { perSecond: 5, errors: 0.2 },
    });
    expect(live.p95Ms).toBeCloseTo(10, 0);
    expect(live.steps.map(({ name, perSecond: rate, errors }) => [name, rate, errors])).toEqual([
      ['poll', 60, 0.1],
      ['start', 20, undefined],
    ]);
    expect(live.polling).toMatchObject({ perSecond: 60, errors: undefined, pollsMed: undefined });
    expect(live.polling!.lagP95Ms).toBeCloseTo(30, 0);
    expect(live.generator.eventLoopP99Ms).toBeCloseTo(1, 1);
  });

  it('name the fault that is at work, or was', () => {
    const window = recentWindow(1_000, 10);
    const interval = intervals();
    const numbersOf = liveNumbers(wholeOf([]));
    const partAt = (second: number, phase: string, fault: string): string | undefined => {
      window.add(
        interval(second, [
          ['flows', 'counter', { phase }, { samples: 3, sum: 3 }],
          ['phase_duration', 'trend', { fault, slot: '01' }, many(4, 1)],
        ]),
      );
      return numbersOf(progress({ flows: { count: 3 } }), window.totals()).part;
    };
    expect(partAt(0, 'steady', 'none')).toBe('steady');
    expect(partAt(1, 'fault', 'slow')).toBe('fault slow');
    expect(partAt(2, 'recovery', 'slow')).toBe('recovery slow');
    window.add(interval(3, [['flows', 'counter', {}, { samples: 0, sum: 0 }]]));
    expect(numbersOf(progress({}), window.totals()).part).toBe('recovery slow');
  });

  it('are of iterations and of requests by name where a script counts no flows', () => {
    const window = recentWindow(1_000, 10);
    window.add(
      intervals()(0, [
        ['iterations', 'counter', {}, { samples: 8, sum: 8 }],
        ['http_req_duration', 'trend', { name: 'home' }, many(8, 5)],
        ['http_req_failed', 'rate', { name: 'home' }, { samples: 8, passes: 2 }],
      ]),
    );
    const live = liveNumbers(wholeOf([]))(progress({ http_req_failed: { passes: 2 } }), window.totals());
    expect(live).toMatchObject({ unit: 'iterations', perSecond: 8, errors: 2, threw: 0, pairing: undefined });
    // Iterations are counted when they end, and said to be so: those under way were started, too.
    expect(rateWords(live)).toBe('8.0 iters ended/s');
    expect(rateWords({ ...live, plannedPerSecond: 10 })).toBe('8.0/10.0 iters ended/s');
    expect(live.steps).toMatchObject([{ name: 'home', perSecond: 8, errors: 0.25 }]);
  });

  it('add up what several worker threads record of one second', () => {
    const window = recentWindow(1_000, 10);
    const interval = intervals();
    for (const flows of [3, 4]) window.add(interval(0, [['flows', 'counter', {}, { samples: flows, sum: flows }]]));
    expect(window.totals().window.select('flows')).toMatchObject({ sum: 7 });
  });
});

describe('The planned rate', () => {
  const ramp: ScenarioPlan = {
    ...{ ...common, name: 'r', executor: 'ramping-arrival-rate', startRate: 0, timeUnitMs: 1_000 },
    stages: [
      ...[
        { target: 20, durationMs: 10_000 },
        { target: 100, durationMs: 0 },
        { target: 100, durationMs: 5_000 },
      ],
    ],
  };

  it.each([
    ['on the way up the middle of the ramp', [ramp], 0, 10_000, 10],
    ['over a jump both sides by their share', [ramp], 8_000, 12_000, (18 * 2 + 100 * 2) / 4],
    ['of two scenarios both', [constant(5, 10_000), constant(7, 10_000, 5_000)], 4_000, 6_000, 8.5],
    ['nothing when the plan is over', [ramp], 15_000, 20_000, undefined],
    ['nothing without an arrival rate', [], 0, 1_000, undefined],
  ] as const)('is %s', (_what, plans, fromMs, toMs, rate) => {
    const planned = plannedRateNow(wholeOf(plans), fromMs, toMs);
    if (rate === undefined) expect(planned).toBeUndefined();
    else expect(planned).toBeCloseTo(rate, 9);
  });
});

describe('Numbers in words', () => {
  it('are short, and a small share does not look like none', () => {
    expect([elapsedText(999), elapsedText(61_000), elapsedText(3_723_000)]).toEqual(['0:00', '1:01', '1:02:03']);
    expect([0.4, 9.996, 137.4, 999.6, 1_240, 125_400].map(msText)).toEqual([
      '0.40 ms',
      '10.0 ms',
      '137 ms',
      '1.00 s',
      '1.24 s',
      '125 s',
    ]);
    expect([0, 1e-9, 0.0002, 0.0213, 1, undefined].map(sharePercent)).toEqual([
      '0.0 %',
      '<0.001 %',
      '0.020 %',
      '2.1 %',
      '100.0 %',
      '–',
    ]);
    expect([19.84, 1_234.5].map(ratePerSecond)).toEqual(['19.8', '1235']);
  });
});
