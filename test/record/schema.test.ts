import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openRecord } from '../../record/read-record.ts';
import { DecodeError } from '../../contract/decode.ts';
import type { Decoder } from '../../contract/decode.ts';
import { OUTCOMES } from '../../catalogue/outcomes.ts';
import { decodeFailure } from '../../record/failures-file.ts';
import { VERDICTS } from '../../catalogue/verdict.ts';
import { RULES, RUN_VERSION, decodeRunFile } from '../../record/run-file.ts';
import { SERIES_VERSION, seriesReader } from '../../record/series-file.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import { failure } from '../cli/failed-flow.ts';
import { emptyFolder } from '../cli/command.ts';
import { PASSED, madeRecord, madeRun } from '../cli/made-record.ts';

interface Schema {
  readonly $defs: Readonly<
    Record<string, { readonly enum?: unknown; readonly properties: Readonly<Record<string, { enum?: unknown }>> }>
  >;
  readonly properties: Readonly<Record<string, { readonly const?: unknown; readonly enum?: unknown }>>;
}

function schema(name: string): Schema {
  return JSON.parse(readFileSync(new URL(`../../record/${name}.schema.json`, import.meta.url), 'utf8')) as Schema;
}

const ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true, allErrors: true });
const [RUN, LINE, FAILURE] = ['run', 'series-line', 'failure-line'].map((name) => ajv.compile(schema(name)));

function accepts(validate: ValidateFunction, value: unknown): boolean {
  return validate(value);
}

const FULL = madeRun({
  inventory: failure().inventory,
  target: 'https://sso.example.com',
  settings: { RATE: '5' },
  scenarios: [
    {
      name: 'load',
      executor: 'constant-arrival-rate',
      startMs: 0,
      durationMs: 9,
      arrivals: [
        [0, 5],
        [9, 5.5],
      ],
      maxVus: 3,
    },
    { name: 'once', executor: 'shared-iterations', startMs: 2, durationMs: null, arrivals: null, maxVus: 1 },
  ],
  thresholds: [{ metric: 'flows', expression: 'count>1' }],
  end: {
    ...PASSED,
    reason: 'why',
    findings: [
      { code: 'threshold_failed', exit: 99, subject: 'flows', data: { expression: 'count>1', value: null } },
      { code: 'of a later version', exit: 0, subject: '', data: {} },
    ],
    causes: [
      {
        ...{
          outcome: 'rejected',
          expected: 'authenticated',
          at: 'OTP_REQUIRED',
          step: 'checkOtp',
          error: 'X',
          offPath: '',
          reason: 'r',
          line: 1,
        },
        ...{ flows: 3, kinds: { F7: 3 } },
      },
    ],
    rules: RULES,
    thresholds: [{ metric: 'flows', expression: 'count>1', value: null, ok: true }],
    ownDelay: {
      eventLoop: { p99Ms: 1, maxMs: 2 },
      startLag: { p99Ms: 1, maxMs: 2 },
      cpuCores: 1,
      gc: { share: 0, maxMs: 0 },
    },
    simulator: { starts: 3 },
    series: { lines: 3 },
  },
});

test('the files of a record are as their schemas say', async () => {
  const sample = { index: 3, tags: { step: 'poll' }, at: 1_000.25 };
  const folder = madeRecord(
    emptyFolder(),
    FULL,
    [
      { ...sample, metric: 'flows', type: 'counter', value: 2.5 },
      { ...sample, metric: 'odd', type: 'rate', value: 0 },
      { ...sample, metric: 'vus', type: 'gauge', value: -2 },
      ...[0, 1.5, 700, 700, -3].map((value) => ({ ...sample, metric: 'ms', type: 'trend', value }) as const),
      { ...sample, index: 9, metric: 'odd', type: 'rate', value: 1 },
    ],
    [JSON.stringify(failure())],
  );
  const text = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8');
  expect([RUN!(JSON.parse(text('run.json'))), RUN!.errors]).toEqual([true, null]);
  const lines = text('series.jsonl').trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect([LINE!(JSON.parse(line)), LINE!.errors], line).toEqual([true, null]);
  expect([FAILURE!(JSON.parse(text('failures.jsonl'))), FAILURE!.errors]).toEqual([true, null]);
  for await (const { recorded } of openRecord(folder).intervals()) expect(recorded.length).toBeGreaterThan(0);
});

test('the lists of the schemas are those of the code', () => {
  expect(schema('failure-line').properties['kind']!.enum).toEqual(Object.keys(FLOW_KINDS));
  expect(schema('failure-line').$defs['outcome']!.enum).toEqual(OUTCOMES);
  expect(schema('run').$defs['end']!.properties['verdict']!.enum).toEqual(VERDICTS);
  expect(schema('run').properties['version']!.enum).toEqual([1, RUN_VERSION]);
  expect(schema('series-line').$defs['head']!.properties['version']).toEqual({ const: SERIES_VERSION });
});

/** Every place of a value, as a list of keys. */
function places(value: unknown, before: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [before];
  return [before, ...Object.entries(value).flatMap(([key, item]) => places(item, [...before, key]))];
}

/** The value with another one at a place; `undefined` takes it away. */
function changed(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = structuredClone(value) as Record<string, unknown>;
  const item = changed(copy[key], rest, to);
  if (item === undefined && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (item === undefined) Reflect.deleteProperty(copy, key);
  else copy[key] = item;
  return copy;
}

const ANYTHING = fc.constantFrom<unknown>(
  undefined,
  null,
  true,
  -1,
  0,
  1,
  2.5,
  300,
  1e12,
  'no time',
  '',
  [],
  {},
  { more: 1 },
  [1, 2],
  ['x'],
);

/** Documents, and what reads them. */
const READERS: readonly (readonly [
  name: string,
  document: object,
  schema: ValidateFunction,
  decode: Decoder<unknown>,
])[] = [
  ['run.json', FULL, RUN!, decodeRunFile],
  ['a run.json without an end', madeRun({ end: null }), RUN!, decodeRunFile],
  ['a line of failures.jsonl', failure(), FAILURE!, decodeFailure],
];

for (const [name, document, validate, decode] of READERS) {
  test(`${name}: what its schema accepts and what Pairstorm reads is the same, whatever is changed in it`, () => {
    const reads = (value: unknown): boolean => {
      try {
        decode(value, 'it');
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
        return false;
      }
    };
    expect([accepts(validate, document), reads(document)]).toEqual([true, true]);
    fc.assert(
      fc.property(fc.constantFrom(...places(document)), ANYTHING, (place, value) => {
        const other = JSON.parse(JSON.stringify(changed(document, place, value) ?? null)) as unknown;
        expect([place, value, accepts(validate, other)]).toEqual([place, value, reads(other)]);
      }),
      { numRuns: 1_000 },
    );
  });
}

test('a line of series.jsonl that Pairstorm reads is one that the schema accepts, whatever is changed in it', () => {
  const head = { series: 'pairstorm', version: 1, intervalMs: 1_000 };
  const interval = {
    i: 0,
    names: [
      [0, 'n', 'counter', 'default', {}],
      [1, 'v', 'gauge', 'default', { a: 'b' }],
      [2, 'ms', 'trend', 'time', {}],
    ],
    counts: [
      [0, 3, 3],
      [1, 1, 2, 2, 2, 1_000.5],
      [2, 3, 3, 1, 1, 1, [65_471, 2], []],
    ],
  };
  const reads = (line: unknown): boolean => {
    const reader = seriesReader('it');
    try {
      reader.read(JSON.stringify(head));
      reader.read(JSON.stringify(line));
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(DecodeError);
      return false;
    }
  };
  expect([accepts(LINE!, head), accepts(LINE!, interval), reads(interval)]).toEqual([true, true, true]);
  fc.assert(
    fc.property(fc.constantFrom(...places(interval)), ANYTHING, (place, value) => {
      const other = JSON.parse(JSON.stringify(changed(interval, place, value) ?? null)) as unknown;
      // The schema does not know which series a number is, so it accepts more; and a reader passes over what it need not know.
      fc.pre(!Array.isArray(value) || value.length === 0);
      if (accepts(LINE!, other) || !reads(other)) return;
      expect([place, value]).toEqual('refused by the schema, yet read');
    }),
    { numRuns: 1_000 },
  );
});
