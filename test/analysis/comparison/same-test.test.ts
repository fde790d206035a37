import fc from 'fast-check';
import { compareRuns } from '../../../analysis/comparison/compare-runs.ts';
import { DEFAULT_SETTINGS } from '../../../analysis/comparison/comparison.ts';
import { RunCollector } from '../../../analysis/comparison/run-collector.ts';
import { estimateRun } from '../../../analysis/comparison/run-estimates.ts';
import type { EstimatedRun } from '../../../analysis/comparison/run-estimates.ts';
import { steadyPart } from '../../../analysis/comparison/steady-part.ts';
import type { PlannedScenario } from '../../../contract/planned-scenario.ts';
import type { OwnDelay } from '../../../contract/run-findings.ts';
import type { RunFile } from '../../../record/run-file.ts';
import { USUAL, syntheticIntervals, syntheticRun, syntheticRunFile } from './synthetic-run.ts';
import { describe, expect, test } from 'vitest';

const SHORT = { ...USUAL, seconds: 30, rate: 5 };

const ownDelay = (p99Ms: number): OwnDelay => ({
  ...{ eventLoop: { p99Ms, maxMs: 2 * p99Ms }, startLag: null, cpuCores: 0.5, gc: { share: 0.001, maxMs: 5 } },
});

/** A short run, something about it changed. */
function runWith(seed: number, change: (run: RunFile) => Partial<RunFile> = () => ({})): EstimatedRun {
  const file = syntheticRunFile({ ...SHORT, seed });
  const run = { ...file, ...change(file) };
  const collector = new RunCollector(run);
  for (const interval of syntheticIntervals({ ...SHORT, seed })) collector.add(interval);
  return estimateRun(`results/${seed}`, collector.finish(0));
}

const findings = (base: EstimatedRun, next: EstimatedRun): readonly string[] =>
  compareRuns([base], [next], DEFAULT_SETTINGS, false).findings.map(({ weight, text }) => `${weight}: ${text}`);

describe('two runs were not the same test', () => {
  const setting = (name: string, value: string) => (run: RunFile) => ({ settings: { ...run.settings, [name]: value } });
  const verdict = (word: 'invalid' | 'interrupted') => (run: RunFile) => ({ end: { ...run.end!, verdict: word } });
  test.each<readonly [title: string, change: (run: RunFile) => Partial<RunFile>, says: string]>([
    ['another script', () => ({ script: 'soak' }), 'blocks: script: base load, new soak'],
    ['another host', () => ({ host: 'k6' }), 'blocks: host: base engine, new k6'],
    [
      'a simulator instead of a target',
      () => ({ simulated: true }),
      'blocks: target is the simulator of the run: base no, new yes',
    ],
    ['a setting of the client', setting('CLIENT_PROFILE', 'ios'), 'blocks: CLIENT_PROFILE: base inventory, new ios'],
    ['a setting that one side lacks', setting('TIME_SCALE', '0.5'), 'blocks: TIME_SCALE: base not set, new 0.5'],
    [
      'another population',
      (run) => ({ inventory: { ...run.inventory!, population: 'hostile' } }),
      'blocks: population: base mixed, new hostile',
    ],
    [
      'an invalid run',
      verdict('invalid'),
      'blocks: results/2 is invalid: the load generator was at fault, so its numbers say nothing about the target',
    ],
    [
      'an interrupted run',
      verdict('interrupted'),
      'warns: results/2 was interrupted; only the recorded part is compared',
    ],
    [
      'a killed run',
      () => ({ end: null }),
      'warns: results/2 was killed or is still running; only the recorded part is compared',
    ],
    ['another seed', () => ({ seed: 8 }), 'warns: seed: base 7, new 8'],
    [
      'another machine',
      (run) => ({ machines: [{ ...run.machines[0]!, cpus: 64 }] }),
      'warns: load generator machines: base 4 CPUs linux v24, new 64 CPUs linux v24',
    ],
    [
      'a load generator that was slower',
      (run) => ({ end: { ...run.end!, ownDelay: ownDelay(80) } }),
      'warns: event-loop delay of the load generator (p99): base 10 ms, new 80 ms; durations may differ because of it',
    ],
    ['another version', () => ({ pairstorm: '9.9.9' }), 'warns: Pairstorm version: base 0.1.0, new 9.9.9'],
  ])('%s is named', (_title, change, says) => {
    const first = runWith(1, (run) => ({ end: { ...run.end!, ownDelay: ownDelay(10) } }));
    expect(findings(first, runWith(2, change))).toContain(says);
  });

  test('another rate is named and blocks, unless it is wanted anyway', () => {
    const [base, next] = [syntheticRun({ ...SHORT, seed: 1 }), syntheticRun({ ...SHORT, seed: 2, rate: 8 })];
    const refused = compareRuns([base], [next], DEFAULT_SETTINGS, false);
    expect(refused).toMatchObject({ verdict: 'different_tests', metrics: [] });
    expect(refused.findings).toContainEqual({ weight: 'blocks', text: 'planned rate: base 5/s, new 8/s' });
    expect(compareRuns([base], [next], DEFAULT_SETTINGS, true).metrics.length).toBeGreaterThan(10);
  });

  test.each<readonly [string, (run: RunFile) => Partial<RunFile>]>([
    ['where the target is', setting('PF_BASE_URL', 'https://other.example.com')],
    ['limits of thresholds', setting('P95_MS', '250')],
    ['thresholds', () => ({ thresholds: [{ metric: 'checks', expression: 'rate>0.9' }] })],
    ['the name of the run', () => ({ testid: 'friday' })],
    ['where a hook is that makes a fault', setting('FAULT_START_URL', 'http://127.0.0.1:40001/…')],
    ['a secret of ours', setting('PF_CLIENT_SECRET', '(redacted)')],
  ])('%s may differ', (_title, change) => {
    expect(findings(runWith(1), runWith(2, change))).toEqual([expect.stringContaining('one run per side')]);
  });

  test('settings of which nobody knows the values are named', () => {
    const own = (): Partial<RunFile> => ({ script: 'mine', settings: { USERS: '(redacted)', KEY: '(redacted)' } });
    expect(findings(runWith(1, own), runWith(2, own))).toEqual([
      'warns: the settings of your own script are not recorded: KEY, USERS; make sure that they were the same',
      expect.stringContaining('one run per side'),
    ]);
  });

  test('a run that is given twice is not a second run', () => {
    const run = runWith(1);
    expect(findings(run, run)).toContain('blocks: results/1 is the same run as results/1');
  });

  test('with two runs of the base it is not said that their difference is unknown', () => {
    const { findings: found } = compareRuns([runWith(1), runWith(2)], [runWith(3)], DEFAULT_SETTINGS, false);
    expect(found).toEqual([]);
  });
});

describe('the part of a run that is compared', () => {
  const scenario = (arrivals: PlannedScenario['arrivals'], startMs = 0): PlannedScenario => ({
    ...{ name: 's', executor: 'ramping-arrival-rate', startMs, maxVus: 10, arrivals },
    durationMs: arrivals === null ? 60_000 : arrivals.at(-1)![0] - startMs,
  });
  const part = (scenarios: readonly PlannedScenario[], skipMs = 0, lastIndex = 999): unknown =>
    steadyPart({ ...syntheticRunFile(SHORT), scenarios, end: null }, skipMs, lastIndex);

  /** The same part, by a look at each second. */
  const partByIntervals = (scenarios: readonly PlannedScenario[]): unknown => {
    const rateAt = (ms: number): number =>
      scenarios.reduce((sum, { arrivals }) => {
        const after = arrivals!.findIndex(([at]) => at > ms);
        if (after <= 0) return sum;
        const [[start, from], [end, to]] = [arrivals![after - 1]!, arrivals![after]!];
        return sum + from + ((to - from) * (ms - start)) / (end - start);
      }, 0);
    const planned = Math.max(...scenarios.map(({ startMs, durationMs }) => startMs + durationMs!));
    let best = { from: 0, to: 0, perSecond: 0 };
    let now = best;
    for (let index = 0; index < Math.floor(planned / 1_000); index++) {
      const [early, late] = [rateAt(index * 1_000 + 1), rateAt(index * 1_000 + 999)];
      const level = early > 0 && Math.abs(early - late) < 1e-9;
      const goesOn = level && Math.abs(early - now.perSecond) < 1e-9;
      now = { from: goesOn ? now.from : index, to: index + 1, perSecond: level ? early : 0 };
      if (level && now.to - now.from >= best.to - best.from) best = now;
    }
    const { from, to, perSecond } = best;
    return to === 0
      ? { from: 0, to: Math.floor(planned / 1_000), perSecond: null }
      : { from, to, perSecond: near(perSecond) };
  };
  const near = (value: number): unknown => expect.closeTo(value, 6);

  test('begins when the planned rate is reached and ends with the plan', () => {
    const ramp = scenario([
      [0, 0],
      [10_000, 20],
    ]);
    const steady = scenario(
      [
        [10_000, 20],
        [70_000, 20],
      ],
      10_000,
    );
    expect(part([ramp, steady])).toEqual({ from: 10, to: 70, perSecond: 20 });
    expect(part([ramp, steady], 25_000)).toEqual({ from: 25, to: 70, perSecond: 20 });
  });

  test('is the longest stretch at one rate, of all scenarios together', () => {
    const stages = scenario([
      [0, 5],
      [10_000, 5],
      [15_000, 30],
      [45_000, 30],
      [50_000, 0],
    ]);
    expect(part([stages])).toEqual({ from: 15, to: 45, perSecond: 30 });
    const other = scenario([
      [0, 2],
      [35_000, 2],
    ]);
    expect(part([stages, other])).toEqual({ from: 15, to: 35, perSecond: 32 });
  });

  test('is found at once in a plan and a record of any length', () => {
    const years = 9e15;
    const arrivals = [
      [0, 0],
      [10_000, 20],
      [years, 20],
    ] as const;
    expect(part([scenario(arrivals)], 0, Number.MAX_SAFE_INTEGER)).toEqual({
      ...{ from: 10, to: years / 1_000, perSecond: 20 },
    });
  });

  test('is the same whether intervals are looked at one by one or by the points of the plan', () => {
    const rates = fc.constantFrom(0, 1, 5, 5, 20);
    const step = fc.record({ length: fc.integer({ min: 0, max: 7_500 }), rate: rates });
    const plan = fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.array(step, { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 3 }), (plans) => {
        const scenarios = plans.map(([startMs, steps]) => {
          let at = startMs;
          return scenario(
            steps.map(({ length, rate }) => [(at += length), rate] as const),
            startMs,
          );
        });
        expect(part(scenarios)).toEqual(partByIntervals(scenarios));
      }),
    );
  });

  test('is all of the plan where nothing has a rate, and only what there is of a run that was killed', () => {
    expect(part([scenario(null)])).toEqual({ from: 0, to: 60, perSecond: null });
    expect(part([scenario(null)], 10_000)).toEqual({ from: 10, to: 60, perSecond: null });
    expect(part([scenario(null)], 0, 40)).toEqual({ from: 0, to: 40, perSecond: null });
  });
});
