import { afterAll, describe, expect, test } from 'vitest';
import { equivalentWorkers, erlangC, meanWait } from '../../../analysis/capacity/equivalent-workers.ts';
import type { EquivalentWorkers } from '../../../analysis/capacity/equivalent-workers.ts';
import { LevelCollector } from '../../../analysis/capacity/level-counts.ts';
import { modelsOf } from '../../../analysis/capacity/models.ts';
import { cpuLaw } from '../../../analysis/capacity/utilisation.ts';
import type { CpuLaw, ModelLevel } from '../../../analysis/capacity/utilisation.ts';
import { saturation, simulatedSearch } from './model-levels.ts';
import { USUAL } from './queue.ts';
import type { Queue } from './queue.ts';

/** `npm test` plays a few of the simulated searches, `npm run check:planning` sixty a case, and prints what docs/methods.md has. */
const FULL = process.env['PLANNED_CLUSTERS'] !== undefined;
const SEARCHES = Number(process.env['PLANNED_CLUSTERS'] ?? 3);
const QUIET = { networkMs: 0, delayMs: 0, idleCores: 0.2, noise: 0.01 };

const CASES: readonly {
  readonly name: string;
  readonly queue: Queue;
  readonly knee: number;
  readonly delayMs?: number;
}[] = [
  { name: '8 workers, log-normal', queue: USUAL, knee: 0.93 },
  { name: '8 workers, exponential', queue: { ...USUAL, service: 'exponential' }, knee: 0.9 },
  { name: '2 workers, log-normal', queue: { ...USUAL, workers: 2 }, knee: 0.8 },
  ...(FULL
    ? ([
        { name: '8 workers, fixed', queue: { ...USUAL, service: 'fixed' }, knee: 0.93 },
        { name: '1 worker, log-normal', queue: { ...USUAL, workers: 1 }, knee: 0.7 },
        { name: '32 workers of 80 ms, log-normal', queue: { ...USUAL, workers: 32, serviceSeconds: 0.08 }, knee: 0.95 },
        { name: '8 workers, and 20 ms behind them', queue: USUAL, knee: 0.93, delayMs: 20 },
        { name: '8 workers, and 50 ms behind them', queue: USUAL, knee: 0.93, delayMs: 50 },
      ] as const)
    : []),
  { name: '8 workers, and 100 ms behind them', queue: USUAL, knee: 0.93, delayMs: 100 },
];

const isLaw = (law: ReturnType<typeof cpuLaw>): law is CpuLaw => !('code' in law);

describe(`${SEARCHES} simulated searches a case`, { timeout: 600_000 }, () => {
  const table: string[] = [];

  test.each(CASES.map((one, at) => ({ ...one, at })))('$name', async ({ name, queue, knee, delayMs = 0, at }) => {
    const tally = { costs: 0, full: 0, width: 0, shown: 0, near: 0, ratio: 0 };
    const cores = queue.workers + QUIET.idleCores;
    const [cost, rate] = [queue.workers / saturation(queue), knee * saturation(queue)];
    const full = (0.9 * cores - QUIET.idleCores) / cost;
    for (let seed = 0; seed < SEARCHES; seed++) {
      // Whoever runs the tests wants to hear from them now and then.
      await new Promise((resolve) => setImmediate(resolve));
      const levels = simulatedSearch(queue, knee, 1_000 * at + seed, { ...QUIET, delayMs });
      const law = cpuLaw(levels, { rate, confidence: 0.95 }, cores);
      if (!isLaw(law)) throw new Error(law.code);
      const { secondsPerFlow, fullRate } = law;
      if (secondsPerFlow.low <= cost && cost <= secondsPerFlow.high) tally.costs++;
      if (fullRate!.low <= full && full <= fullRate!.high) tally.full++;
      tally.width += (fullRate!.high - fullRate!.low) / 2 / fullRate!.value / SEARCHES;
      const found = equivalentWorkers(levels);
      if (typeof found === 'string') continue;
      tally.shown++;
      tally.ratio += found.workers / queue.workers;
      if (Math.abs(found.workers / queue.workers - 1) <= 0.1) tally.near++;
    }
    const { costs, full: covered, width, shown, near, ratio } = tally;
    const percent = (part: number, of: number): string => (of === 0 ? '–' : (100 * (part / of)).toFixed(0));
    table.push(
      `| ${name} | ${percent(costs, SEARCHES)} | ${percent(covered, SEARCHES)} | ${(100 * width).toFixed(1)} | ${percent(shown, SEARCHES)} | ` +
        `${shown === 0 ? '–' : (ratio / shown).toFixed(2)} | ${percent(near, shown)} |`,
    );
    const most = (share: number): number => Math.floor(share * SEARCHES);
    expect([costs, covered].every((n) => n >= most(0.9))).toBe(true);
    if (delayMs === 0) expect([shown, near].every((n) => n >= most(0.8))).toBe(true);
    // So much that no worker stands behind does not look like a queue.
    if (delayMs === 100) expect(shown).toBeLessThanOrEqual(0.1 * SEARCHES);
  });

  afterAll(() => {
    if (FULL)
      console.log(
        [
          '| target | CPU of a flow covered | rate at 90 % covered | ± | workers told | by c | within 10 % |',
          ...table,
        ].join('\n'),
      );
  });
});

const LEVELS = simulatedSearch(USUAL, 0.93, 24, QUIET);
const RATE = 0.93 * saturation(USUAL);
const ANSWER = { rate: RATE, confidence: 0.95 };
const figuresOf = (
  level: ModelLevel,
  change: (figures: NonNullable<ModelLevel['figures']>) => Partial<NonNullable<ModelLevel['figures']>>,
): ModelLevel => ({
  ...level,
  figures: { ...level.figures!, ...change(level.figures!) },
});
const withCores = (of: (level: ModelLevel) => number): ModelLevel[] =>
  LEVELS.map((level) => figuresOf(level, () => ({ cpu: { cores: of(level), nodes: 1 } })));
const steady = LEVELS.filter(({ verdict }) => verdict !== 'broke');

describe('The utilisation law', () => {
  test('tells what a sign-in costs, and at which rate CPU is full, against the rate of the answer', () => {
    const law = cpuLaw(LEVELS, ANSWER, 20) as CpuLaw;
    // Workers that are all busy at the saturation are 8 cores: of 20 cores, CPU is not the limit.
    expect(law.secondsPerFlow.value).toBeCloseTo(8 / saturation(USUAL), 2);
    expect(law).toMatchObject({ cores: 20, limit: 'other', levels: steady.length });
    expect(law.atAnswer).toBeCloseTo((0.93 * 8 + 0.2) / 20, 1);
    expect(law.fullRate!.value / saturation(USUAL)).toBeCloseTo((0.9 * 20 - 0.2) / 8, 1);
    expect(cpuLaw(LEVELS, ANSWER, 8.2)).toMatchObject({ limit: 'cpu' });
    expect(cpuLaw(LEVELS, ANSWER, null)).toMatchObject({ cores: null, fullRate: null, limit: null });
    expect(cpuLaw(LEVELS, { ...ANSWER, rate: null }, 8.2)).toMatchObject({ atAnswer: null, limit: null });
  });

  test('does not say what the limit is where its interval holds both', () => {
    const noisy = withCores(
      ({ rate, figures }) =>
        figures!.cpu!.cores * (rate === LEVELS[4]!.rate ? 0.92 : rate === LEVELS[5]!.rate ? 1.08 : 1),
    );
    expect(cpuLaw(noisy, ANSWER, 10)).toMatchObject({ limit: 'unknown' });
  });

  test.each<[string, readonly ModelLevel[], number | null, object]>([
    [
      'is of levels that did not break',
      LEVELS.filter((level) => level.verdict === 'broke' || level.rate < 0.4 * RATE),
      8.2,
      { code: 'too-few', levels: 2 },
    ],
    [
      'is not of the aftermath of an overload',
      LEVELS.map((level) => ({ ...level, purpose: 'hysteresis' as const })),
      8.2,
      { code: 'too-few', levels: 0 },
    ],
    [
      'is not of levels in which a node was silent',
      LEVELS.map((level, at) => figuresOf(level, ({ cpu }) => ({ cpu: { ...cpu!, nodes: at < 2 ? 2 : 1 } }))),
      8.2,
      { code: 'too-few', levels: 2 },
    ],
    [
      'is not told of a target that was cold at first',
      withCores(({ rate, figures }) => figures!.cpu!.cores + (rate < 0.25 * RATE ? 1 : 0)),
      8.2,
      { code: 'crooked' },
    ],
    ['is not told where CPU does not rise', withCores(({ rate }) => 3 - 0.001 * rate), 8.2, { code: 'flat' }],
    ['is not told where more cores were in use than there are', LEVELS, 4, { code: 'more-cores', cores: 4 }],
  ])('%s', (_title, levels, cores, why) => {
    expect(cpuLaw(levels, ANSWER, cores)).toMatchObject(why);
  });
});

describe('Equivalent workers', () => {
  test('are those of Erlang and Allen–Cunneen in closed forms', () => {
    expect(erlangC(1, 0.6)).toBeCloseTo(0.6, 12);
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
    // M/M/1 waits ρ/(μ − λ), M/D/1 half of it.
    expect(meanWait(1, 10, 8, 1)).toBeCloseTo(0.8 / 2, 12);
    expect(meanWait(1, 10, 8, 0)).toBeCloseTo(0.8 / 4, 12);
  });

  test('leave out the round trip, which no worker is busy with', () => {
    const far = simulatedSearch(USUAL, 0.93, 24, { ...QUIET, networkMs: 30 });
    const { workers, serviceMs } = equivalentWorkers(far) as EquivalentWorkers;
    expect(workers).toBeCloseTo(8, -0.5);
    expect(serviceMs).toBeCloseTo(21.7, -0.5);
  });

  test.each<[string, readonly ModelLevel[], string]>([
    ['no rate was too much', steady, 'not-saturated'],
    [
      'the target served less in the overload',
      LEVELS.map((level) =>
        level.verdict === 'broke'
          ? figuresOf(level, ({ service }) => ({ service: { ...service!, perSecond: 100 } }))
          : level,
      ),
      'collapsed',
    ],
    ['it was never quiet', LEVELS.filter(({ rate }) => rate > 0.5 * RATE), 'not-quiet'],
    [
      'hardly a level lies between',
      LEVELS.filter(({ rate, verdict }) => verdict === 'broke' || rate < 0.5 * RATE),
      'too-few',
    ],
    [
      'nobody ever waited',
      LEVELS.map((level) => figuresOf(level, ({ service }) => ({ service: { ...service!, meanMs: 21.7 } }))),
      'other-waits',
    ],
  ])('are not told where %s', (_title, levels, why) => {
    expect(equivalentWorkers(levels)).toBe(why);
  });
});

describe('The models beside an answer', () => {
  test('stand in its sentences where they hold', () => {
    const { models, sentences } = modelsOf(LEVELS, ANSWER, 20);
    expect(models).toMatchObject({ noCpu: null, noWorkers: null });
    expect(sentences).toEqual([
      expect.stringMatching(
        /^CPU beside it: a sign-in takes 1\d\d ms of CPU \(95 %: 1\d\d to 1\d\d\), and without load 0\.\d+ cores are in use\. 3\d % of 20 cores are in use at 5\d(\.\d)?\/s, 90 % at 13\d\/s \(13\d to 1[34]\d\)\. CPU is not the limit: look at pools of threads and connections, locks, PingOne\.$/,
      ),
      expect.stringMatching(
        /^Equivalent workers: it answers as [78](\.\d+)? workers would that take 2[12](\.\d)? ms for a request, 3[67]\d requests\/s at most\.$/,
      ),
    ]);
    expect(modelsOf(LEVELS, ANSWER, null).sentences[0]).toMatch(
      /in use\. With --target-cores it says at which rate they are all in use\.$/,
    );
  });

  test('leave out a first level that was cold, and was played again', () => {
    const [first, ...others] = LEVELS;
    const cold = figuresOf(first!, ({ service }) => ({
      cpu: { cores: 5, nodes: 1 },
      service: { ...service!, meanMs: 90 },
    }));
    const again = [cold, ...others.slice(0, 1), { ...first!, purpose: 'cold' as const }, ...others.slice(1)];
    expect(modelsOf([cold, ...others], ANSWER, 20).models).toMatchObject({ cpu: null, workers: null });
    expect(modelsOf(again, ANSWER, 20).models).toMatchObject({ noCpu: null, noWorkers: null });
  });

  test('are not told of a target that has used all of its CPU before, or takes no time, by numbers that are none', () => {
    const busy = withCores(({ figures }) => 9.5 + figures!.cpu!.cores / 20);
    expect((cpuLaw(busy, ANSWER, 10) as CpuLaw).fullRate).toEqual({ value: 0, low: 0, high: 0 });
    const atOnce = LEVELS.map((level) =>
      figuresOf(level, ({ service }) => ({ service: { ...service!, meanMs: 0, sdMs: 0 } })),
    );
    expect(equivalentWorkers(atOnce)).toBe('other-waits');
  });

  test('say why there is no law where CPU was recorded, and nothing where it was not', () => {
    const none = steady.map((level) => figuresOf(level, () => ({ cpu: undefined })));
    expect(modelsOf(none, ANSWER, null)).toEqual({
      models: { cpu: null, noCpu: 'not-recorded', workers: null, noWorkers: 'not-saturated' },
      sentences: [],
    });
    const said = (levels: readonly ModelLevel[], cores: number): string =>
      modelsOf(levels, ANSWER, cores).sentences[0]!;
    expect(
      said(
        steady.map((level) => figuresOf(level, () => ({ cpu: null }))),
        8,
      ),
    ).toBe(
      'CPU beside it: not told. No level that did not break has it: process_cpu_seconds_total of each node, over half of its time.',
    );
    expect(said(LEVELS.slice(0, 2), 8)).toBe(
      'CPU beside it: not told. It was recorded at 2 rates that did not break; it takes 3.',
    );
    expect(
      said(
        withCores(() => 3),
        8,
      ),
    ).toBe('CPU beside it: not told. The levels do not show that it rises with the rate.');
    expect(said(LEVELS, 4)).toMatch(/^CPU beside it: not told\. 7\.\d+ cores were in use, of 4 \(--target-cores\)\.$/);
    expect(
      said(
        withCores(({ rate, figures }) => figures!.cpu!.cores + (rate < 0.25 * RATE ? 1 : 0)),
        9,
      ),
    ).toMatch(
      /^CPU beside it: not told\. It does not rise in a line with the rate: at [\d.]+\/s [\d.]+ cores were in use, [\d.]+ by the line\. The target was not warm, or something else used them\.$/,
    );
  });
});

describe('CPU of a level', () => {
  /** A level of 20 s from second 2 on; nodes tell their cores every two seconds. */
  const cpu = (looks: readonly (readonly [at: number, cores: number, node: string | undefined])[]) => {
    const collector = new LevelCollector([]);
    const counted = (metric: string) => ({ metric, type: 'counter', contains: 'default', tags: {} }) as const;
    for (let index = 2; index < 22; index++)
      collector.add({ index, recorded: [[counted('flows'), { samples: 1, sum: 1 }]] });
    const known = collector.known;
    for (const [at, value, node] of looks) {
      const series = {
        metric: 'target_cpu_cores',
        type: 'gauge',
        contains: 'default',
        tags: node === undefined ? {} : { target: node },
      } as const;
      collector.add({ index: at, recorded: [[series, { samples: 1, value, min: value, max: value, at }]] });
    }
    expect(collector.known, 'what the target tells of itself says nothing of the rest').toBe(known);
    return collector.figures(4, 20).cpu;
  };
  const every = (
    from: number,
    to: number,
    of: (at: number) => number,
    node?: string,
  ): [number, number, string | undefined][] =>
    Array.from({ length: (to - from) / 2 + 1 }, (_, at) => [from + 2 * at, of(from + 2 * at), node]);

  test('is the mean of the looks that lie in its window, the sum of its nodes', () => {
    // Before second 6 and after 22 it was busy with something else.
    expect(cpu(every(0, 40, (at) => (at <= 6 || at > 22 ? 9 : 2)))).toEqual({ cores: 2, nodes: 1 });
    expect(cpu([...every(0, 40, () => 2, 'node1'), ...every(1, 41, () => 0.5, 'node2')])).toEqual({
      cores: 2.5,
      nodes: 2,
    });
    // A look that was missed is in the next one.
    expect(cpu(every(0, 40, (at) => (at === 14 ? 5 : 2)).filter(([at]) => at !== 12))).toEqual({
      cores: (12 * 2 + 4 * 5) / 16,
      nodes: 1,
    });
  });

  test('is not known where a node was silent for half of it, and not asked for where nobody recorded it', () => {
    expect(cpu([...every(0, 40, () => 2, 'node1'), ...every(0, 12, () => 0.5, 'node2')])).toBeNull();
    expect(cpu([])).toBeUndefined();
  });
});
