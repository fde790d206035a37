import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mergeRecords } from '../../cli/merge/merge-records.ts';
import { openRecord } from '../../record/read-record.ts';
import type { RunEnd, RunFile } from '../../record/run-file.ts';
import type { ThresholdDefinition } from '../../contract/threshold-expression.ts';
import { emptyFolder } from './command.ts';
import { imported, metric, point } from './k6-lines.ts';
import { PASSED, madeRecord, madeRun } from './made-record.ts';
import type { Sample } from './made-record.ts';

const LEVELS = ['01', '02', '03'];

/** The thresholds of a search with three rates, as `capacity` sets them. */
const THRESHOLDS: readonly ThresholdDefinition[] = [
  { metric: 'flows', expression: 'count>0' },
  ...LEVELS.flatMap((level) => [
    { metric: `http_req_duration{peer:pf,level:${level}}`, expression: 'p(95)<1000' },
    { metric: `http_req_failed{peer:pf,level:${level}}`, expression: 'rate<=0.01' },
    { metric: `outcome_mismatch{level:${level}}`, expression: 'rate<=0.01' },
  ]),
  { metric: 'dropped_iterations', expression: 'count==0' },
];

/** Half of a search that steps from 10 to 30 flows/s, 10 s each. */
const HALF: Partial<RunFile> = {
  script: 'capacity',
  thresholds: THRESHOLDS,
  settings: { START_RATE: '10', STEP_RATE: '10', MAX_RATE: '30', STEP_DURATION: '10s' },
  scenarios: [
    {
      name: 'flows',
      executor: 'ramping-arrival-rate',
      startMs: 0,
      durationMs: 30_000,
      arrivals: [
        [0, 5],
        [10_000, 5],
        [10_000, 10],
        [20_000, 10],
        [20_000, 15],
        [30_000, 15],
      ],
      maxVus: 9,
    },
  ],
};

/** What is recorded while the rates up to one are played; flows of `bad` rates do not end as they should. */
function samples(upTo: string, bad: readonly string[]): Sample[] {
  return LEVELS.filter((level) => level <= upTo).flatMap((level, at) => {
    const one = { index: at * 10, at: 1_000 + at };
    return [
      { ...one, metric: 'flows', type: 'counter', tags: { level }, value: 1 },
      { ...one, metric: 'flow_outcomes', type: 'counter', tags: { level }, value: 1 },
      { ...one, metric: 'outcome_mismatch', type: 'rate', tags: { level }, value: bad.includes(level) ? 1 : 0 },
    ] as const;
  });
}

interface Played {
  readonly upTo: string;
  readonly bad?: readonly string[];
  readonly end?: Partial<RunEnd>;
  readonly run?: Partial<RunFile>;
}

/** How the whole of such parts ends. */
async function merged(...parts: readonly Played[]): Promise<RunEnd> {
  const folder = emptyFolder();
  const folders = parts.map(({ upTo, bad = [], end, run }, n) => {
    const machines = [{ ...madeRun().machines[0]!, instance: `m${n}` }];
    const ended = { ...PASSED, durationMs: 30_000, ...end };
    return madeRecord(folder, madeRun({ ...HALF, machines, end: ended, ...run }), samples(upTo, bad));
  });
  const said: string[] = [];
  await mergeRecords(folders, { results: join(folder, 'merged') }, (line) => said.push(line));
  return openRecord(/ → (.*)$/.exec(said.at(-1)!)![1]!).run.end!;
}

test('a search that found the limit passes when its parts are merged, and says the rates of the whole', async () => {
  const end = await merged({ upTo: '03', bad: ['03'] }, { upTo: '03', bad: ['03'] });
  expect(end).toMatchObject({ verdict: 'pass', exitCode: 0, reason: '20 flows/s held, 30 flows/s did not' });
  expect(end.thresholds.filter(({ ok }) => !ok).map(({ metric }) => metric)).toEqual(['outcome_mismatch{level:03}']);
});

test('a rate that one part did not play to its end did not hold, whatever the others did beyond it', async () => {
  const early = { upTo: '02', bad: ['02'], end: { durationMs: 15_000 } };
  expect(await merged(early, { upTo: '03', bad: ['03'] })).toMatchObject({
    verdict: 'pass',
    reason: '10 flows/s held, 20 flows/s did not',
  });
});

test('a search of which all rates held says so when its parts are merged', async () => {
  expect(await merged({ upTo: '03' }, { upTo: '03' })).toMatchObject({
    verdict: 'pass',
    reason: '30 flows/s held, the highest rate tried',
  });
});

test.each<[string, Played, string]>([
  ['not even the first rate held', { upTo: '01', bad: ['01'] }, 'fail'],
  ['another threshold failed too', { upTo: '03', bad: ['03'], run: { thresholds: [] } }, 'fail'],
  ['a part was invalid', { upTo: '03', bad: ['03'], end: { verdict: 'invalid', exitCode: 120 } }, 'invalid'],
])('a search is not a success when %s', async (_title, played, verdict) => {
  const thresholds = [...THRESHOLDS, { metric: 'flows', expression: 'count>1000' }];
  const part = played.run === undefined ? played : { ...played, run: { thresholds } };
  expect(await merged(part, part)).toMatchObject({ verdict });
});

test('a search whose records disagree in a part fails, though it found the limit', async () => {
  const end: Partial<RunEnd> = { verdict: 'fail', exitCode: 99, reason: 'the records disagree: 3 starts' };
  const whole = await merged({ upTo: '03', bad: ['03'] }, { upTo: '03', bad: ['03'], end });
  expect(whole).toMatchObject({ verdict: 'fail', exitCode: 99 });
  expect(whole.reason).toMatch(/: the records disagree: 3 starts$/);
});

/** k6's samples of a search, with the thresholds of some of its rates left out. */
function k6Lines(bad: readonly string[], keep: (metric: string) => boolean = () => true): string[] {
  const own = (name: string): string[] =>
    THRESHOLDS.filter(({ metric: one }) => one === name && keep(one)).map(({ expression }) => expression);
  const subMetrics = THRESHOLDS.filter(({ metric: one }) => one.includes('{') && keep(one)).map(
    ({ metric: one, expression }) => {
      const type = { outcome_mismatch: 'rate', http_req_failed: 'rate' }[one.replace(/\{.*/, '')] ?? 'trend';
      return metric(one, type, [expression]);
    },
  );
  return [
    metric('flows', 'counter', own('flows')),
    metric('dropped_iterations', 'counter', own('dropped_iterations')),
    ...subMetrics,
    ...samples('03', bad).map(({ metric: name, value, tags, index }) => point(name, value, index * 1_000, tags)),
  ];
}

test('a search that k6 played passes when it is imported, though k6 calls its end a failed threshold', async () => {
  const { record, code } = await imported(k6Lines(['03']), { gate: true, allowNoSamples: true, k6Exit: 99 });
  expect(record.run.end).toMatchObject({
    verdict: 'pass',
    exitCode: 0,
    reason: 'the rate of level 02 held, the rate of level 03 did not',
  });
  expect(code).toBe(0);
  // What is not known is not said: when the time of the last rate was over.
  expect((await imported(k6Lines([]))).record.run.end).not.toHaveProperty('reason');
});

test('a failed threshold stays one where k6 did not play a search, or ended otherwise', async () => {
  const verdict = async (lines: readonly string[], k6Exit?: number): Promise<unknown> =>
    (await imported(lines, k6Exit === undefined ? {} : { k6Exit })).record.run.end!.verdict;
  expect(await verdict(k6Lines(['03'], (name) => !name.startsWith('http_req_failed')))).toBe('fail');
  expect(await verdict(k6Lines(['01']))).toBe('fail');
  expect(await verdict(k6Lines([]), 99)).toBe('fail');
  expect(await verdict(k6Lines(['03']), 105)).toBe('interrupted');
});
