import { DRIFT_SCHEMA } from '../../analysis/drift/drift-schema.ts';
import { ANSWER_SCHEMA } from '../../report/capacity/answer-file.ts';
import { PLAN_SCHEMA } from '../../report/planning/plan-file.ts';
import { REPORT_SCHEMA } from '../../report/json-schema.ts';
import { Histogram } from '../../contract/histogram.ts';
import { FAILURE_SCHEMA } from '../../record/failures-file.ts';
import { RUN_SCHEMA, RUN_VERSION } from '../../record/run-file.ts';
import { SERIES_SCHEMA, checkedLine, encodeInterval, encodeSeriesHead } from '../../record/series-file.ts';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';

interface Field {
  readonly description?: string;
}

const schema = RUN_SCHEMA as unknown as {
  readonly properties: Record<string, Field>;
  readonly $defs: { end: { properties: Record<string, Field> }; part: { properties: Record<string, Field> } };
};

test.each([
  ['record/run', RUN_SCHEMA],
  ['record/series-line', SERIES_SCHEMA],
  ['record/failure-line', FAILURE_SCHEMA],
  ['report/report', REPORT_SCHEMA],
  ['analysis/drift/drift', DRIFT_SCHEMA],
  ['report/capacity/answer', ANSWER_SCHEMA],
  ['report/planning/plan', PLAN_SCHEMA],
])('%s.schema.json is made of what decodes the file, or types it', async (name, made) => {
  const file = `../../${name}.schema.json`;
  const config = await resolveConfig(import.meta.filename);
  await expect(await format(JSON.stringify(made), { ...config, parser: 'json' })).toMatchFileSnapshot(file);
});

const rows = (fields: Record<string, Field>): string[] => [
  '| field | holds |',
  '|---|---|',
  ...Object.entries(fields).map(([name, { description }]) => `| \`${name}\` | ${description!} |`),
];

function example(): string[] {
  const histogram = new Histogram();
  for (const ms of [98, 99, 240]) histogram.record(ms);
  const names = [
    { number: 0, metric: 'flows', type: 'counter', contains: 'default', tags: { kind: 'F4' } },
    { number: 1, metric: 'http_req_duration', type: 'trend', contains: 'time', tags: { name: 'poll' } },
  ] as const;
  return [
    checkedLine(encodeSeriesHead(1_000)),
    checkedLine(
      encodeInterval({
        index: 0,
        named: names,
        recorded: [
          [0, { samples: 3, sum: 3 }],
          [1, histogram.encode()],
        ],
      }),
      1,
    ),
    checkedLine(encodeInterval({ index: 2, named: [], recorded: [[0, { samples: 1, sum: 1 }]] }), 2),
  ];
}

function page(): string {
  return [
    '# The run record',
    '',
    'Everything after a run reads one folder, `results/<run>/`: the report, comparison, gates, merging. Its format is open:',
    'write your own reader, and keep the folder as long as you like.',
    '',
    '| file | holds | schema |',
    '|---|---|---|',
    '| `run.json` | what was run and how it ended | `record/run.schema.json` |',
    '| `series.jsonl` | every series in intervals: counts, sums, histograms | `record/series-line.schema.json`, for each line |',
    '| `failures.jsonl` | a bounded sample of failed flows from all kinds of failure, step by step, redacted; only if there were any | `record/failure-line.schema.json`, for each line |',
    '| `summary.json` | the data of k6’s `handleSummary` | k6’s |',
    '| `drift.json`, `resilience.json` | the verdict on drift ([soak.md](soak.md)) and on faults ([resilience.md](resilience.md)), as data; only where it was judged | in `report/report.schema.json` |',
    '| `faults.journal` | faults that the run noted before it began them, and those it ended ([resilience.md](resilience.md)); only with a target of your own | |',
    '| `result.json` | the object of `pairstorm run --json`; for a run only, not for an import or merge | [commands.md](commands.md) |',
    '',
    'The schemas are JSON Schema 2020-12 and part of the npm package. A record contains no secrets: secret settings are',
    '`(redacted)`, URLs have no user information and query, only the origin of hooks is recorded, and only the names of',
    '`PF_HEADERS`; failed flows refer to a user by number.',
    '',
    'The tables and the example on this page, and the schemas, are generated from `record/` by',
    '`npx vitest run test/docs -u`; a test keeps them in sync.',
    '',
    '## run.json',
    '',
    ...rows(schema.properties),
    '',
    '`part`:',
    '',
    ...rows(schema.$defs.part.properties),
    '',
    '`end`:',
    '',
    ...rows(schema.$defs.end.properties),
    '',
    '## series.jsonl',
    '',
    'The first line is a head; each other line is an interval in which something was recorded:',
    '',
    '```json',
    ...example(),
    '```',
    '',
    '- `i`: index of the interval since `startedAt`, from 0. Intervals are written in order, and **lines of the same interval',
    '  add up**: there may be several, even later ones.',
    '- `names`: series that are referred to by number from this line on: number, metric, type, contents (`default`, `time` in',
    '  milliseconds, `data` in bytes), tags. A run names all of them again from time to time, for readers that lost a line.',
    '- `counts`: number of the series, then by its type: counter: samples, sum; rate: samples, those that were not zero;',
    '  gauge: samples, latest value, smallest, largest, time of the latest (Unix milliseconds); trend: count, sum,',
    '  smallest, largest, count of values below 2⁻²⁰, buckets of positive values, buckets of negative values.',
    '- Buckets: key, count, key, count, …, each key after the first as the difference from the previous one. The key of a',
    '  value is the upper 18 bits of its magnitude as an IEEE 754 double (without the sign): 64 buckets per octave, so that',
    '  the middle of a bucket is within 1/128 of any recorded value. Keys are independent of other samples: **to merge, add',
    '  the counts of equal keys**. Percentiles are of the sum, never averages of percentiles.',
    '- `n`: number of the line, from 1; the head has none. `crc`: CRC-32 (as in zip and gzip) of the bytes of the line before',
    '  `,"crc"`. Lines of earlier records have neither.',
    '',
    'Lines end with a line feed only: U+2028 is text. `intervalMs` is that of `run.json`. A record covers at most 31 days,',
    'and a line has at most 67,108,864 characters; readers reject a file beyond these limits. A line with non-finite numbers',
    '(`1e999`), or buckets that do not add up to their count, is invalid.',
    '',
    "Metrics are those of [metrics.md](metrics.md) and k6’s own. The load generator's own metrics are included; their names",
    'start with `generator_`.',
    '',
    '## A run that was killed',
    '',
    'The files are written during the run. After `kill -9` the `end` of `run.json` is null, there is no `summary.json` or',
    '`result.json`, and `series.jsonl` lacks at most what followed its last line, which may be truncated: ignore such a line.',
    'All Pairstorm commands read such a record and say that it was killed.',
    '',
    '## A record with a gap',
    '',
    'A disk may be full for a while, or a copy may be incomplete. With a full disk a run loses nothing as long as the data',
    'fits into memory (16 MiB of lines): lines, run.json and reports are written when there is space again; at the end, the',
    'run waits five seconds for it. Losses are detected when the record is read: each line has its number, `end.series.lines`',
    'is the number of the last one, and a line with a wrong `crc`, or an invalid one, counts as missing. Readers skip it and',
    'read the rest. A record that lacks lines has the finding `record_damaged` (99), with their number and time: its report',
    'says FAIL, `compare` does not accept it as evidence (104; `--anyway` compares the rest), and a merged run that contains',
    'it fails. Failed flows missing in `failures.jsonl` are a remark, since they are counted in the series. In older records',
    'only invalid lines are known to be missing. A record with an unreadable run.json is rejected: only that file says what',
    'was run and how it ended.',
    '',
    '## Versions',
    '',
    `This is version ${RUN_VERSION}. Readers reject versions newer than they know; Pairstorm reads the older ones. Version 1 has a`,
    'sentence (`reason`) instead of findings. Version 0 is a folder with `result.json` and `summary.json` and no `run.json`.',
    'It has the verdict, thresholds, iterations, and counters and rates of the whole run as one interval; no percentiles,',
    'plan or settings. An imported record has `host` `k6` and only what k6’s samples contain: no target, seed, inventory,',
    'settings or plan.',
    '',
    '## Merged records',
    '',
    '`pairstorm merge` ([commands.md](commands.md)) combines several records into one. Counts are exact, histograms cover all',
    'samples; for a gauge the latest value of any machine counts. Parts are aligned at their start: their first intervals',
    'become the first of the merged record. A part that started more than an interval after the earliest keeps its offset,',
    'rounded to intervals, by the clocks of the machines. `machines` lists all of them, iterations and planned arrivals are',
    'summed (those of a late part at their later times), `durationMs` is from the earliest start to the latest end. Settings',
    'that differ are `(differs from part to part)`. Parts that know their number (`part`, of `run --part`) must agree in all',
    'settings; one that is missing, or that started at another moment, is a finding.',
    '',
  ].join('\n');
}

test('docs/run-record.md describes the files as record/ has them', async () => {
  expect(
    Object.values({ ...schema.properties, ...schema.$defs.end.properties }).filter(
      (field) => field.description === undefined,
    ),
  ).toEqual([]);
  await expect(page()).toMatchFileSnapshot('../../docs/run-record.md');
});
