import { sentenceOf } from '../../catalogue/finding-words.ts';
import { finding } from '../../catalogue/findings.ts';
import type { Finding, FindingCode } from '../../catalogue/findings.ts';
import type { OwnDelay } from '../../contract/run-findings.ts';
import { judge } from '../../record/judge.ts';
import type { Evidence } from '../../record/judge.ts';
import { RULES } from '../../record/run-file.ts';
import type { Rules, RunFile } from '../../record/run-file.ts';
import { END, count, foldOf, rate, threshold, times } from '../report/model-of.ts';
import type { Recorded } from '../report/model-of.ts';
import { describe, expect, it } from 'vitest';

/** What a test says of a run; the rest is a run of 75 s in which nothing happened. */
interface Told {
  readonly recorded?: readonly Recorded[];
  readonly run?: Partial<Evidence['run']>;
  readonly end?: Partial<Evidence['end']>;
  readonly told?: readonly Finding[];
  readonly rules?: Partial<Rules>;
  readonly search?: Evidence['search'];
  readonly firstThrown?: string;
}

function judged({ recorded = [], run, end, told = [], rules, ...rest }: Told) {
  const iterations = { planned: 1, started: 1, completed: 1, interrupted: 0, dropped: 0 };
  return judge({
    run: { script: 'load', host: 'engine', settings: {}, ...run },
    totals: foldOf(recorded).totals,
    end: { ...{ durationMs: 75_000, iterations, thresholds: [], ownDelay: null, simulator: null }, ...end },
    told,
    rules: { ...RULES, ...rules },
    ...rest,
  });
}

/** The exit code that a finding asks for; undefined: there is none. */
function exitOf(code: FindingCode, told: Told): number | undefined {
  return judged(told).findings.find((one) => one.code === code)?.exit;
}

const GATE = { gate: true } as const;
const ALL = { planned: 1_000, started: 1_000, completed: 1_000, interrupted: 0, dropped: 0 };

/** A thousand flows of F7, of which some were interrupted. */
const flows = (cutOff = 0): readonly Recorded[] => [
  ['flows', { kind: 'F7' }, count(1_000)],
  ['starts_answered', {}, count(1_000)],
  ['flow_outcomes', { kind: 'F7', outcome: 'authenticated' }, count(1_000 - cutOff)],
];

describe('Flows that were interrupted at the end', () => {
  const cut = (interrupted: number, more: Told = {}): Told => ({
    recorded: flows(interrupted),
    end: { iterations: { ...ALL, completed: 1_000 - interrupted, interrupted } },
    ...more,
  });

  it('may be 1 % of those started', () => {
    expect(exitOf('flows_interrupted', cut(10))).toBeUndefined();
    expect(exitOf('flows_interrupted', cut(11))).toBe(99);
  });

  it('are named by kind', () => {
    const told = cut(11, { recorded: [...flows(11), ['flows', { kind: 'F4' }, count(5)]] });
    const found = judged(told).findings.find(({ code }) => code === 'flows_interrupted')!;
    expect(found.data).toMatchObject({ interrupted: 16, started: 1_005, kinds: { F7: 11, F4: 5 } });
  });

  it.each(['interrupted', 'killed', 'aborted', 'threshold_cut_short', 'worker_lost', 'script_exception'] as const)(
    'say nothing of a run that was stopped (%s)',
    (code) => {
      expect(exitOf('flows_interrupted', cut(500, { told: [finding(code)] }))).toBeUndefined();
    },
  );

  it.each(['script_failed', 'generator_errors', 'simulator_lost'] as const)(
    'count where nothing stopped the run (%s)',
    (code) => {
      expect(exitOf('flows_interrupted', cut(500, { told: [finding(code)] }))).toBe(99);
    },
  );
});

describe('Users who are not in the state that the inventory says', () => {
  const off = (users: number, run: Partial<Pick<RunFile, 'script' | 'settings'>> = {}): Told => ({
    recorded: [...flows(), ['off_path', { kind: 'F7', status: 'PAIRING', path: 'unexpected' }, count(users)]],
    run,
  });

  it.each([
    ['1 % where nothing is said', 10, {}],
    ['as MAX_UNEXPECTED says', 200, { settings: { MAX_UNEXPECTED: '0.2' } }],
    ['none, if MAX_UNEXPECTED says so', 0, { settings: { MAX_UNEXPECTED: '0' } }],
    ['1 % where MAX_UNEXPECTED is not a share', 10, { settings: { MAX_UNEXPECTED: 'many' } }],
    ['none in a smoke', 0, { script: 'smoke' }],
    ['none in a smoke, whatever MAX_UNEXPECTED says', 0, { script: 'smoke', settings: { MAX_UNEXPECTED: '1' } }],
  ])('may be %s', (_title, most, run) => {
    expect(exitOf('inventory_out_of_step', off(most, run))).toBe(most === 0 ? undefined : 0);
    expect(exitOf('inventory_out_of_step', off(most + 1, run))).toBe(99);
  });
});

describe('Users who were let in without their factor', () => {
  const bypassed = (flowsOf: Readonly<Record<string, readonly [letIn: number, unexpected: number]>>): Told => ({
    recorded: Object.entries(flowsOf).flatMap(([kind, [letIn, unexpected]]): Recorded[] => [
      ['flows', { kind }, count(100)],
      ['flow_outcomes', { kind, outcome: 'bypassed' }, count(letIn)],
      ['flow_outcomes', { kind, outcome: 'authenticated' }, count(100 - letIn)],
      ['outcome_mismatch', { kind }, rate(unexpected, 100)],
    ]),
  });

  it('fail a run, be it one', () => {
    expect(exitOf('mfa_bypassed', bypassed({ F7: [0, 0] }))).toBeUndefined();
    expect(exitOf('mfa_bypassed', bypassed({ F7: [1, 1] }))).toBe(99);
  });

  it('are none where just that is expected of them', () => {
    expect(exitOf('mfa_bypassed', bypassed({ F7: [100, 0] }))).toBeUndefined();
    const found = judged(bypassed({ F7: [100, 0], F10: [3, 3] })).findings.find(({ code }) => code === 'mfa_bypassed')!;
    expect(found.data).toMatchObject({ flows: 3, kinds: { F10: 3 } });
  });

  it('are not taken for more than the flows that ended otherwise than expected', () => {
    const found = judged(bypassed({ F7: [60, 2] })).findings.find(({ code }) => code === 'mfa_bypassed')!;
    expect(found.data).toMatchObject({ flows: 2 });
  });
});

describe('Iterations that threw', () => {
  const threw = (thrown: number, rules: Partial<Rules> = GATE): Told => ({
    end: { iterations: { ...ALL, thrown } },
    rules,
  });

  it('may be as many as --max-thrown says, and are a remark where the run is not a gate', () => {
    expect(exitOf('iterations_threw', threw(10))).toBeUndefined();
    expect(exitOf('iterations_threw', threw(11))).toBe(99);
    expect(exitOf('iterations_threw', threw(11, {}))).toBe(0);
    expect(exitOf('iterations_threw', threw(500, { ...GATE, maxThrown: 0.5 }))).toBeUndefined();
    expect(exitOf('iterations_threw', threw(501, { ...GATE, maxThrown: 0.5 }))).toBe(99);
    expect(exitOf('iterations_threw', threw(1, { ...GATE, maxThrown: 0 }))).toBe(99);
    expect(exitOf('iterations_threw', threw(999, { ...GATE, maxThrown: 1 }))).toBeUndefined();
  });

  it('have tested nothing if they are all, whatever the rules', () => {
    const all = { ...threw(1_000, { maxThrown: 1, allowInvalid: true }), firstThrown: 'TypeError: x (a.js:1)' };
    expect(judged(all)).toMatchObject({ verdict: 'error', exitCode: 107 });
    expect(exitOf('iterations_threw', all)).toBeUndefined();
  });
});

describe('Requests that failed on this machine', () => {
  const failed = (requests: number, rules: Partial<Rules> = {}): Told => ({
    recorded: [
      ['http_reqs', {}, count(10_000)],
      ['generator_failed_requests', { error: 'EMFILE' }, count(requests)],
    ],
    rules,
  });

  it('may be one in a thousand, and are a remark then', () => {
    expect(exitOf('generator_errors', failed(0))).toBeUndefined();
    expect(exitOf('generator_errors', failed(10))).toBe(0);
    expect(exitOf('generator_errors', failed(11))).toBe(120);
    expect(judged(failed(11)).verdict).toBe('invalid');
  });

  it('are a remark where a load generator at fault is allowed', () => {
    expect(judged(failed(11, { allowInvalid: true }))).toMatchObject({
      ...{ verdict: 'pass', exitCode: 0 },
      findings: [{ code: 'generator_errors', exit: 0, data: { allowed: true } }],
    });
  });
});

describe('A load generator that was late', () => {
  const delay = (over: Partial<OwnDelay>): OwnDelay => ({ ...END.ownDelay!, ...over });
  const own = (over: Partial<OwnDelay>, durationMs = 75_000): Told => ({ end: { ownDelay: delay(over), durationMs } });

  it.each<[string, FindingCode, Told, Told]>([
    [
      'stood still for more than a second',
      'generator_stalled',
      own({ stalls: { lostMs: 1_000, maxMs: 1_000 } }),
      own({ stalls: { lostMs: 1_001, maxMs: 1_001 } }),
    ],
    [
      'stood still for 2 % of a long run',
      'generator_stalled',
      own({ stalls: { lostMs: 1_500, maxMs: 400 } }),
      own({ stalls: { lostMs: 1_501, maxMs: 400 } }),
    ],
    [
      'stood still for a second in all of a short run',
      'generator_stalled',
      own({ stalls: { lostMs: 1_000, maxMs: 700 } }, 5_000),
      own({ stalls: { lostMs: 1_001, maxMs: 700 } }, 5_000),
    ],
    [
      'was late at p99',
      'generator_delayed',
      own({ eventLoop: { p99Ms: 500, maxMs: 500 } }),
      own({ eventLoop: { p99Ms: 501, maxMs: 501 } }),
    ],
    [
      'started late at p99',
      'generator_delayed',
      own({ startLag: { p99Ms: 500, maxMs: 500 } }),
      own({ startLag: { p99Ms: 501, maxMs: 501 } }),
    ],
    [
      'is too short for a p99',
      'generator_delayed',
      own({ eventLoop: { p99Ms: 900, maxMs: 900 } }, 1_999),
      own({ eventLoop: { p99Ms: 900, maxMs: 900 } }, 2_000),
    ],
  ])('%s', (_title, code, below, above) => {
    expect(exitOf(code, below)).toBeUndefined();
    expect(exitOf(code, above)).toBe(120);
    expect(judged({ ...above, rules: { allowInvalid: true } })).toMatchObject({
      exitCode: 0,
      findings: [{ code, exit: 0 }],
    });
  });

  it('is judged on k6 by the timers of its virtual users', () => {
    const timers = (ms: number): Told => ({ run: { host: 'k6' }, recorded: [['step_lateness', {}, times(ms, ms)]] });
    expect(exitOf('generator_delayed', timers(480))).toBeUndefined();
    expect(exitOf('generator_delayed', timers(520))).toBe(120);
    expect(exitOf('generator_stalled', timers(990))).toBeUndefined();
    expect(exitOf('generator_stalled', timers(1_100))).toBe(120);
  });
});

describe('A storm of clients that ask again without a pause', () => {
  const storm = (held: string): readonly Recorded[] => [
    ['http_reqs', { name: 'storm', peer: 'storm', status: '429' }, count(4_100)],
    ['storm_duration', { http: '429', held: 'no' }, times(...Array.from({ length: 25 }, () => 9_000))],
    ['storm_duration', { http: '429', held }, times(...Array.from({ length: 12 }, () => 10_000))],
  ];
  const slow = { p99Ms: 600, maxMs: 600 };
  const late = { ownDelay: { eventLoop: slow, startLag: null, cpuCores: 1, gc: { share: 0, maxMs: 0 } } };

  it('is a finding about the target, with its figures, and no reason to fail', () => {
    const { exitCode, findings } = judged({ recorded: storm('user') });
    expect(exitCode).toBe(0);
    expect(findings.map(sentenceOf)).toEqual([
      'HTTP 429 made 37 waiting clients ask 4100 times without a pause, for 10.0 s at most; held back: 12 by STORM_MAX_PER_USER (100 a second)',
    ]);
    const settings = { STORM_MAX: '50' };
    expect(judged({ recorded: storm('run'), run: { settings } }).findings.map(sentenceOf)[0]).toMatch(
      /held back: 12 by STORM_MAX \(50 a second\)$/,
    );
  });

  it('is the cause that is named where the load generator was late in it, and a cap held it back', () => {
    const [found] = judged({ recorded: storm('user'), end: late }).findings;
    expect(found).toMatchObject({ code: 'generator_delayed', exit: 120, data: { storm: 4_100 } });
    expect(sentenceOf(found!)).toContain(
      'while clients asked 4100 times without a pause (STORM_MAX), so the numbers say',
    );
    const [alone] = judged({ recorded: storm('no'), end: late }).findings;
    expect(alone!.data).not.toHaveProperty('storm');
  });
});

describe('A threshold without a sample', () => {
  const silent = (metric: string, more: Told = {}): Told => ({
    end: { thresholds: [threshold(metric, 'p(95)<1', null, true)], iterations: ALL },
    rules: GATE,
    ...more,
  });

  it('closes a gate, unless that is allowed or the run is none', () => {
    expect(exitOf('not_judged', silent('checks'))).toBe(99);
    expect(exitOf('not_judged', silent('checks', { rules: { ...GATE, allowNoSamples: true } }))).toBe(0);
    expect(exitOf('not_judged', silent('checks', { rules: {} }))).toBe(0);
  });

  it.each([
    'decision_lag',
    'pairing_duration{platform:iPhone}',
    'step_duration{step:poll}',
    'http_req_duration{expected_response:true,name:poll,peer:pf,phase:steady}',
    'http_req_duration{peer:device}',
    'http_req_failed{level:03}',
  ])('of our scenarios is optional where it is about some users only: %s', (metric) => {
    expect(exitOf('not_judged', silent(metric, { recorded: flows() }))).toBe(0);
    // In somebody's own script nothing is.
    expect(exitOf('not_judged', silent(metric))).toBe(99);
  });

  it('of our scenarios is not optional where every run has samples', () => {
    expect(exitOf('not_judged', silent('http_req_duration{peer:pf}', { recorded: flows() }))).toBe(99);
    const reached: Recorded = ['flows', { level: '03' }, count(4)];
    expect(exitOf('not_judged', silent('http_req_failed{level:03}', { recorded: [...flows(), reached] }))).toBe(99);
  });

  it('says nothing of a run that was stopped', () => {
    expect(exitOf('not_judged', silent('checks', { told: [finding('interrupted')] }))).toBe(0);
  });

  it('is another thing than a threshold that failed', () => {
    const { findings } = judged({ end: { thresholds: [threshold('flows', 'count>0', null, false)] }, rules: GATE });
    expect(findings).toMatchObject([{ code: 'threshold_failed', exit: 99, subject: 'flows' }]);
  });
});

describe('A run in which nothing happened', () => {
  it('has played nothing if no flow came to an end', () => {
    const begun: Recorded = ['flows', { kind: 'F7' }, count(9)];
    expect(exitOf('nothing_played', { recorded: [begun] })).toBe(99);
    expect(exitOf('nothing_played', { recorded: [begun], told: [finding('interrupted')] })).toBeUndefined();
    expect(exitOf('nothing_played', { recorded: flows() })).toBeUndefined();
    expect(exitOf('nothing_played', {})).toBeUndefined();
  });

  it('says so if its part of the whole is empty', () => {
    const none = { planned: 0, started: 0, completed: 0, interrupted: 0, dropped: 0 };
    expect(judged({ end: { iterations: none } })).toMatchObject({ exitCode: 0, findings: [{ code: 'empty_part' }] });
    expect(exitOf('empty_part', { end: { iterations: { ...none, derived: true } } })).toBeUndefined();
    expect(exitOf('empty_part', { end: { iterations: { ...none, planned: 4, dropped: 4 } } })).toBeUndefined();
  });
});

describe('A search for capacity', () => {
  const failing = [
    threshold('http_req_duration{level:02}', 'p(95)<500', 900, false),
    threshold('dropped_iterations', 'count==0', 3, false),
  ];
  const search = {
    data: { held: { level: '01', rate: 10 }, broke: { level: '02', rate: 20 } },
    ended: (metric: string) => metric === 'dropped_iterations' || metric.includes('level:02'),
  };
  const told = failing.map(({ metric, expression }) =>
    finding('threshold_cut_short', { subject: metric, data: { expression } }),
  );

  it('that found its limit passes, by the thresholds that ended it', () => {
    expect(judged({ end: { thresholds: failing }, told, search, rules: GATE })).toMatchObject({
      ...{ verdict: 'pass', exitCode: 0 },
      findings: [{ code: 'capacity_found', exit: 0, data: search.data }],
    });
  });

  it('that found its limit is red all the same where something else failed', () => {
    const other = threshold('http_req_failed{level:01}', 'rate<0.01', 0.5, false);
    expect(judged({ end: { thresholds: [...failing, other] }, told, search }).exitCode).toBe(99);
    const bypass: readonly Recorded[] = [
      ['flows', { kind: 'F7' }, count(9)],
      ['flow_outcomes', { kind: 'F7', outcome: 'bypassed' }, count(9)],
      ['outcome_mismatch', { kind: 'F7' }, rate(9, 9)],
    ];
    expect(judged({ end: { thresholds: failing }, told, search, recorded: bypass })).toMatchObject({
      ...{ exitCode: 99, findings: [{ code: 'mfa_bypassed' }, { code: 'capacity_found' }] },
    });
    expect(
      judged({ end: { thresholds: failing }, told: [...told, finding('generator_stalled')], search }).exitCode,
    ).toBe(120);
  });

  it('that found nothing is cut short', () => {
    const { exitCode, findings } = judged({ end: { thresholds: failing }, told });
    expect(exitCode).toBe(99);
    expect(findings.map(({ code }) => code)).toEqual([
      ...['threshold_failed', 'threshold_failed', 'threshold_cut_short', 'threshold_cut_short'],
    ]);
  });
});

describe('What makes the numbers doubtful', () => {
  const lost: Told = { recorded: flows(3), end: { iterations: ALL } };
  const disagree: Told = { recorded: flows(), end: { iterations: ALL, simulator: { starts: 1_001 } } };
  it.each<[FindingCode, Told]>([
    ['flows_lost', lost],
    ['records_disagree', disagree],
  ])('closes a gate, and is a remark else: %s', (code, told) => {
    expect(exitOf(code, told)).toBe(0);
    expect(judged(told).exitCode).toBe(0);
    expect(exitOf(code, { ...told, rules: GATE })).toBe(99);
  });
});

describe('Faults that the two sides count differently', () => {
  const unequal: Told = {
    recorded: [
      ['faults_seen', { fault: 'slow', how: 'named' }, count(3)],
      ['faults_served', { fault: 'slow', how: 'named' }, count(4)],
    ],
  };

  it('fail the run, gate or not: served = seen, those sent again among them', () => {
    expect(judged(unequal).exitCode).toBe(99);
    expect(exitOf('faults_unequal', unequal)).toBe(99);
  });
});

describe('The whole of several parts', () => {
  const remark = finding('iterations_threw', { subject: 'part-a', data: { thrown: 5, completed: 9 } });

  it('is a gate over what was a remark of a part', () => {
    expect(judged({ told: [remark] }).exitCode).toBe(0);
    expect(judged({ told: [remark], rules: GATE })).toMatchObject({
      exitCode: 99,
      findings: [{ ...remark, exit: 99 }],
    });
  });

  it('does not allow what one part only was allowed', () => {
    const told = [{ ...finding('generator_stalled', { data: { lostMs: 2_000, allowed: true } }), exit: 0 }];
    expect(judged({ told, rules: { allowInvalid: true } }).exitCode).toBe(0);
    expect(judged({ told })).toMatchObject({ exitCode: 120, findings: [{ data: { lostMs: 2_000 } }] });
  });

  it('says once what a part and the whole have, and twice what is worse of the whole', () => {
    const errors: readonly Recorded[] = [
      ['http_reqs', {}, count(1_000)],
      ['generator_failed_requests', { error: 'EMFILE' }, count(100)],
    ];
    const part = finding('generator_errors', { subject: 'part-a' });
    expect(judged({ recorded: errors, told: [part] }).findings).toEqual([part]);
    expect(judged({ recorded: errors, told: [{ ...part, exit: 0 }] })).toMatchObject({
      ...{
        exitCode: 120,
        findings: [
          { subject: '', exit: 120 },
          { subject: 'part-a', exit: 0 },
        ],
      },
    });
  });
});
