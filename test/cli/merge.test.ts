import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finding } from '../../catalogue/findings.ts';
import { decide } from '../../catalogue/verdict.ts';
import type { Finding } from '../../catalogue/findings.ts';
import { mergeRecords } from '../../cli/merge/merge-records.ts';
import type { PlannedScenario } from '../../contract/planned-scenario.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import type { StoredRecord } from '../../record/read-record.ts';
import { evaluateThresholds } from '../../record/record-thresholds.ts';
import type { RunEnd, RunFile } from '../../record/run-file.ts';
import { emptyFolder, pairstorm } from './command.ts';
import { failure } from './failed-flow.ts';
import { PASSED, cutOff, madeRecord, madeRun } from './made-record.ts';
import type { Sample } from './made-record.ts';
import fc from 'fast-check';

async function merged(
  folders: readonly string[],
  gate = false,
): Promise<{ record: StoredRecord; code: number; said: string }> {
  const said: string[] = [];
  const flags = { results: join(emptyFolder(), 'merged'), ...(gate ? { gate: true as const } : {}) };
  const code = await mergeRecords(folders, flags, (line) => said.push(line));
  return { record: openRecord(/ → (.*)$/.exec(said.at(-1)!)![1]!), code, said: said.join('\n') };
}

/** Everything that a record holds: the totals of each interval, and of all together, as plain data. */
async function contents(record: StoredRecord): Promise<{ whole: unknown; byInterval: unknown; totals: SeriesTotals }> {
  const totals = new SeriesTotals();
  const byInterval = new Map<number, SeriesTotals>();
  for await (const interval of record.intervals()) {
    totals.add(interval);
    const own = byInterval.get(interval.index) ?? new SeriesTotals();
    byInterval.set(interval.index, own);
    own.add(interval);
  }
  const sorted = [...byInterval].sort(([a], [b]) => a - b).map(([index, own]) => [index, plain(own)]);
  return { whole: plain(totals), byInterval: sorted, totals };
}

function plain(totals: SeriesTotals): unknown {
  const data = (total: SeriesTotal): unknown => ('histogram' in total ? total.histogram.encode() : total);
  return Object.fromEntries(
    totals
      .metrics()
      .flatMap(({ metric }) =>
        totals.series(metric).map(({ tags, total }) => [`${metric} ${JSON.stringify(tags)}`, data(total)]),
      )
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

const TYPES = { flows: 'counter', failed: 'rate', vus: 'gauge', ms: 'trend' } as const;

/** Values of which sums are exact, whatever their order. */
const value = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.integer({ min: 0, max: 1e6 }).map((n) => n / 64),
);
const sample = fc.record({
  index: fc.integer({ min: 0, max: 12 }),
  metric: fc.constantFrom<keyof typeof TYPES>('flows', 'failed', 'vus', 'ms'),
  step: fc.constantFrom('poll', 'token', ''),
  value,
  part: fc.integer({ min: 0, max: 3 }),
});

test('a record that is split at random and merged is the whole again: counts exact, quantiles identical', async () => {
  const thresholds = [
    { metric: 'ms', expression: 'p(95)<500' },
    { metric: 'flows{step:poll}', expression: 'count>100' },
    { metric: 'failed', expression: 'rate<0.5' },
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(sample, { minLength: 1, maxLength: 200, size: 'max' }),
      fc.integer({ min: 2, max: 4 }),
      async (drawn, parts) => {
        const folder = emptyFolder();
        const samples = drawn.map(({ index, metric, step, value, part }, at): Sample & { readonly part: number } => {
          const tags = step === '' ? {} : { step };
          return { index, metric, type: TYPES[metric], tags, value, at: 1_000 + at, part: part % parts };
        });
        const whole = openRecord(madeRecord(folder, madeRun({ thresholds }), samples));
        const folders = Array.from({ length: parts }, (_, n) => {
          const machines = [{ ...madeRun().machines[0]!, instance: `m${n}` }];
          return madeRecord(
            folder,
            madeRun({ thresholds, machines }),
            samples.filter(({ part }) => part === n),
          );
        });
        const { record } = await merged(folders);
        const [a, b] = [await contents(record), await contents(whole)];
        expect(a.whole).toEqual(b.whole);
        expect(a.byInterval).toEqual(b.byInterval);
        expect(record.run.end!.thresholds).toEqual(evaluateThresholds(b.totals, thresholds, 60_000));
        expect(record.run.machines.map(({ instance }) => instance)).toEqual(folders.map((_, n) => `m${n}`));
        expect(record.run.end!.iterations).toEqual({
          planned: 4 * parts,
          started: 4 * parts,
          completed: 3 * parts,
          interrupted: parts,
          dropped: 0,
        });
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

const HITS: Sample = { index: 2, metric: 'hits', type: 'counter', tags: {}, value: 5, at: 1 };

/** Two parts that differ by what is given for the second. */
function twoParts(second: Partial<RunFile>, first: Partial<RunFile> = {}): readonly string[] {
  const folder = emptyFolder();
  const b = { machines: [{ ...madeRun().machines[0]!, instance: 'b' }], ...second };
  return [madeRecord(folder, madeRun(first), [HITS]), madeRecord(folder, madeRun(b), [HITS])];
}

test('parts begin together; one that began later by more than an interval keeps its place in time', async () => {
  const indexes = async (startedAt: string): Promise<unknown> => {
    const { record } = await merged(twoParts({ startedAt }));
    const found: number[] = [];
    for await (const { index } of record.intervals()) found.push(index);
    return { found, startedAt: record.run.startedAt, durationMs: record.run.end!.durationMs };
  };
  const startedAt = '2026-01-31T12:00:00.000Z';
  expect(await indexes('2026-01-31T12:00:00.900Z')).toEqual({ found: [2], startedAt, durationMs: 60_000 });
  expect(await indexes('2026-01-31T12:00:05.400Z')).toEqual({ found: [2, 7], startedAt, durationMs: 65_000 });
});

/** A part whose own share was too small for a threshold of the whole. */
const FAILED: Partial<RunEnd> = {
  thresholds: [{ metric: 'hits', expression: 'count>=10', value: 5, ok: false }],
};

const TOO_FEW = finding('threshold_failed', { subject: 'hits', data: { expression: 'count>=10', value: 5 } });
/** A `;` in a tag value is a character like any other. */
const ODD = finding('threshold_failed', {
  subject: 'hits{url:http://x/a;b}',
  data: { expression: 'count>0', value: 0 },
});
const DISAGREE = finding('records_disagree', { data: { starts: 3, flows: 4, unanswered: 0 }, gate: true });

/** How a part ends, and the whole with it. Thresholds are judged on the whole alone. */
const ENDS: readonly (readonly [
  title: string,
  end: Partial<RunEnd> | null,
  findings: readonly Finding[],
  verdict: string,
  code: number,
  reason: RegExp,
])[] = [
  ['passed', {}, [], 'pass', 0, /^$/],
  ['failed by its own thresholds', FAILED, [TOO_FEW], 'pass', 0, /^$/],
  ['failed by a threshold with a semicolon in a tag', FAILED, [ODD], 'pass', 0, /^$/],
  ['was cut short by them', FAILED, [TOO_FEW, finding('threshold_cut_short', { subject: 'hits' })], 'pass', 0, /^$/],
  ['failed because its records disagree', {}, [DISAGREE], 'fail', 99, /made-2: the records disagree: .* answered 3 /],
  [
    'failed by its own thresholds, and because its records disagree',
    FAILED,
    [ODD, DISAGREE],
    'fail',
    99,
    /made-2: the records disagree: .* answered 3 /,
  ],
  [
    'was invalid',
    {},
    [finding('generator_stalled', { data: { lostMs: 4_000, maxMs: 4_000 } })],
    'invalid',
    120,
    /made-2: .* stalled for 4 s/,
  ],
  ['was interrupted', {}, [finding('interrupted')], 'interrupted', 105, /made-2: stopped by the user$/],
  ['was aborted', {}, [finding('aborted', { data: { message: 'abort()' } })], 'aborted', 108, /abort\(\)$/],
  ['threw', {}, [finding('script_exception', { data: { message: 'setup threw' } })], 'error', 107, /setup threw$/],
  [
    'found what only a later version knows',
    {},
    [{ code: 'moon', exit: 99, subject: '', data: {} }],
    'fail',
    99,
    /made-2: unknown finding moon$/,
  ],
  ['was killed', null, [], 'interrupted', 105, /made-2 was killed/],
];

for (const [title, end, findings, verdict, code, reason] of ENDS) {
  test(`the whole of which a part ${title} is ${verdict}`, async () => {
    const thresholds = [{ metric: 'hits', expression: 'count>=10' }];
    const folders = twoParts(
      { thresholds, end: end === null ? null : { ...PASSED, ...end, ...decide(findings) } },
      { thresholds },
    );
    if (end === null) cutOff(folders[1]!);
    const { record, code: ended } = await merged(folders, true);
    expect(record.run.end).toMatchObject({ verdict, exitCode: code, thresholds: [{ value: 10, ok: true }] });
    expect(record.run.end!.reason ?? '').toMatch(reason);
    expect(record.run.end!.iterations.derived).toBe(end === null ? true : undefined);
    expect(ended).toBe(code);
  });
}

test('what parts have in common stays, what differs is told as such, plans and counts add up', async () => {
  const scenario = {
    name: 'load',
    executor: 'constant-arrival-rate',
    startMs: 0,
    durationMs: 9_000,
    arrivals: [
      [0, 5],
      [9_000, 5],
    ] as const,
    maxVus: 3,
  };
  const delay = (p99Ms: number) => ({
    eventLoop: { p99Ms, maxMs: 9 },
    startLag: null,
    cpuCores: 0.5,
    gc: { share: 0.1, maxMs: 2 },
  });
  const part = (seed: number, segment: string) => ({
    seed,
    target: 'https://sso.example.com',
    scenarios: [scenario],
    settings: { RATE: '5', segment },
    end: { ...PASSED, ownDelay: delay(seed), simulator: { starts: seed } },
  });
  const { record } = await merged(twoParts(part(3, '1/2:1'), part(4, '0:1/2')));
  expect(record.run).toMatchObject({
    seed: null,
    target: 'https://sso.example.com',
    settings: { RATE: '5', segment: '(differs from part to part)' },
    scenarios: [
      {
        arrivals: [
          [0, 10],
          [9_000, 10],
        ],
        maxVus: 6,
      },
    ],
    end: { ownDelay: { eventLoop: { p99Ms: 4 }, cpuCores: 1 }, simulator: { starts: 7 } },
  });
});

test('the plan of a part that began later is moved with it; rates that change at other times are no one plan', async () => {
  const scenario = { name: 'load', executor: 'constant-arrival-rate', startMs: 0, durationMs: 9_000, maxVus: 3 };
  const points = (from: number, to: number) => [[from, 5] as const, [to, 5] as const];
  const planned = async (own: Partial<PlannedScenario>): Promise<unknown> => {
    const startedAt = '2026-01-31T12:00:05.000Z';
    const first = { ...scenario, arrivals: points(0, 9_000) };
    const second = { ...scenario, arrivals: points(0, 9_000), ...own };
    return (await merged(twoParts({ startedAt, scenarios: [second] }, { scenarios: [first] }))).record.run.scenarios;
  };
  expect(await planned({})).toEqual([{ ...scenario, durationMs: 14_000, arrivals: null, maxVus: 6 }]);
  const other = { name: 'late', arrivals: points(1_000, 10_000), startMs: 1_000 };
  expect(await planned(other)).toMatchObject([
    { name: 'load', arrivals: points(0, 9_000) },
    { name: 'late', startMs: 6_000, durationMs: 9_000, arrivals: points(6_000, 15_000) },
  ]);
});

test('a counter without samples counts as 0 and is judged, as in a run, also by its rate', async () => {
  const ours = { metric: 'dropped_iterations', expression: 'rate<0' };
  const own = { metric: 'sold', expression: 'rate>0.5' };
  const unknown = { metric: 'share', expression: 'rate>0.5' };
  const thresholds = [ours, own, unknown];
  const part = {
    thresholds,
    end: {
      ...PASSED,
      thresholds: [
        { ...own, value: 0, ok: false },
        { ...unknown, value: null, ok: true },
      ],
    },
  };
  const { record, code } = await merged(twoParts(part, part), true);
  expect(record.run.end!.thresholds).toEqual([
    { ...ours, value: 0, ok: false },
    { ...own, value: 0, ok: false },
    { ...unknown, value: null, ok: true },
  ]);
  expect(code).toBe(99);
});

test('of the failed flows of all parts a bounded number is kept, of each part in turn', async () => {
  const folder = emptyFolder();
  const lines = (reason: string): string[] => Array.from({ length: 80 }, () => JSON.stringify(failure({ reason })));
  const folders = ['a', 'b', 'c'].map((instance) => {
    const machines = [{ ...madeRun().machines[0]!, instance }];
    return madeRecord(
      folder,
      madeRun({ machines, end: { ...PASSED, failures: { seen: 100, kept: 80 } } }),
      [HITS],
      [...lines(`only ${instance}`), ...lines('all'), 'x'],
    );
  });
  const { record } = await merged(folders);
  const kept = readFileSync(join(record.folder, 'failures.jsonl'), 'utf8').trimEnd().split('\n');
  const of = (reason: string): number => kept.filter((line) => line.includes(`"${reason}"`)).length;
  expect([of('only a'), of('only b'), of('only c')]).toEqual([80, 80, 80]);
  expect(of('all')).toBeGreaterThanOrEqual(100);
  expect(record.run.end!.failures).toEqual({ seen: 480, kept: kept.length });
});

const [A, B] = twoParts({});
/** Of a record that was merged, and a part that began later than the first. */
function wholeAndPart(): readonly string[] {
  const machines = ['a', 'b'].map((instance) => ({ ...madeRun().machines[0]!, instance }));
  const startedAt = '2026-01-31T12:00:00.700Z';
  return twoParts({ startedAt }, { machines });
}

test('two processes of one machine may be parts of one run', async () => {
  const { record } = await merged(twoParts({ machines: madeRun().machines, startedAt: '2026-01-31T12:00:00.007Z' }));
  expect(record.run.machines).toHaveLength(2);
});

const REFUSED: readonly (readonly [title: string, folders: () => readonly string[], says: RegExp])[] = [
  ['fewer than two', () => [A!], /two or more records/],
  ['the same folder twice', () => [A!, B!, A!], /are the same folder/],
  [
    'a copy of a part',
    () => twoParts({ machines: madeRun().machines }),
    /same part of a run \(testid made, instance a\)/,
  ],
  [
    'intervals of another length',
    () => twoParts({ intervalMs: 500 }),
    /different lengths of an interval \(1000 ms and 500 ms\)/,
  ],
  ['a whole and a part of it', wholeAndPart, /same part of a run \(testid made, instance b\)/],
  ['another script', () => twoParts({ script: 'soak' }), /different scripts \(load and soak\)/],
  [
    'other thresholds',
    () => twoParts({ thresholds: [{ metric: 'hits', expression: 'count>1' }] }),
    /different thresholds \(none and hits count>1\)/,
  ],
  [
    'a run after the other',
    () => twoParts({ startedAt: '2026-01-31T13:00:00Z' }),
    /started after .* had ended.*compare/,
  ],
  [
    'a run long after one that was killed',
    () => twoParts({ startedAt: '2066-01-31T12:00:00Z' }, { end: null }),
    /started after .* had ended/,
  ],
  [
    'a length that is none',
    () => twoParts({ end: { ...PASSED, durationMs: 1e20 } }),
    /end\.durationMs is .*100000000000/,
  ],
  ['a start that is none', () => twoParts({ startedAt: '+275760-09-13T00:00:00Z' }), /startedAt is .*expected a time/],
  ['what is not a record', () => [A!, emptyFolder()], /run\.json: no such file/],
];

for (const [title, folders, says] of REFUSED) {
  test(`merge refuses ${title}, and leaves no folder`, async () => {
    const results = join(emptyFolder(), 'merged');
    await expect(mergeRecords(folders(), { results }, () => undefined)).rejects.toThrow(says);
    expect(existsSync(results) ? readdirSync(results) : []).toEqual([]);
  });
}

test('the command merges, says what became of it, and does not write into a part', async () => {
  const cwd = emptyFolder();
  const into = await pairstorm(cwd, ['merge', A!, B!, '--results', join(A!, 'deep')]);
  expect([into.code, into.stderr]).toEqual([
    104,
    expect.stringMatching(/^error: --results .* is inside .*, which is one of the parts/),
  ]);
  const { code, stderr } = await pairstorm(cwd, ['merge', A!, B!, '--name', 'whole']);
  expect([code, stderr]).toEqual([0, expect.stringContaining('record → results/2026-01-31T12-00-00Z-whole\n')]);
  const gate = await pairstorm(cwd, ['merge', A!, B!, '--gate']);
  expect([gate.code, gate.stderr]).toEqual([104, expect.stringContaining('nothing could fail')]);
});

test('--pull from what answers 200 to anything is told that it is not a store', async () => {
  const server = createServer((_request, response) => response.end('{"ok":true}'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['merge', '--parts', '2', '--pull', 's3://bucket/load', '--testid', 'a', '--wait', '0s'];
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ENDPOINT_URL_S3: endpoint };
  const { code, stderr } = await pairstorm(emptyFolder(), args, keys);
  server.close();
  expect([code, stderr]).toEqual([
    104,
    'error: --pull s3://bucket/load: what answers is not an S3 store; see AWS_ENDPOINT_URL_S3\n',
  ]);
});
