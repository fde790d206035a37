import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished, test } from 'vitest';
import { runScript } from '../engine/script-fixture.ts';
import { imported } from './k6-lines.ts';
import type { Imported } from './k6-lines.ts';

const schema = JSON.parse(readFileSync('docs/samples.schema.json', 'utf8')) as object;
const isLine = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
const isValid = (line: string): boolean => isLine(JSON.parse(line));

/** A metric with both forms of threshold, one with sub-metrics, one that k6 has anyway. */
const SCRIPT = `
  const { Counter, Trend } = require('k6/metrics');
  const [calls, lag] = [new Counter('calls'), new Trend('lag', true)];
  exports.options = {
    iterations: 4,
    thresholds: {
      lag: ['p(95)<500', { threshold: 'max<900', abortOnFail: true, delayAbortEval: '10s' }],
      'calls{half:a}': ['count>1'],
      'calls{half:b,why:x}': [],
    },
  };
  exports.default = () => {
    calls.add(2, __ITER % 2 === 0 ? { half: 'a' } : { half: 'b', why: 'x' });
    lag.add(12.5 + __ITER);
  };
`;

/** The same run as k6 v2 writes it, by what is known of its lines (docs/k6-contract.md section 13, row 31). */
const AS_K6: readonly string[] = [
  '{"type":"Metric","data":{"name":"calls","type":"counter","contains":"default","thresholds":[],"submetrics":[{"name":"calls{half:a}","suffix":"half:a","tags":{"half":"a"}},{"name":"calls{half:b,why:x}","suffix":"half:b,why:x","tags":{"half":"b","why":"x"}}]},"metric":"calls"}',
  ...[0, 1, 2, 3].map(
    (n) =>
      `{"metric":"calls","type":"Point","data":{"time":"2026-03-01T10:00:0${n}.123456789+01:00","value":2,"tags":${n % 2 === 0 ? '{"half":"a"' : '{"half":"b","why":"x"'},"group":"","scenario":"default"}}}`,
  ),
  '{"type":"Metric","data":{"name":"lag","type":"trend","contains":"time","thresholds":["p(95)<500",{"threshold":"max<900","abortOnFail":true,"delayAbortEval":"10s"}],"submetrics":null},"metric":"lag"}',
  ...[0, 1, 2, 3].map(
    (n) =>
      `{"metric":"lag","type":"Point","data":{"time":"2026-03-01T10:00:0${n}.5Z","value":${12.5 + n},"tags":{"group":"","scenario":"default"}}}`,
  ),
  '{"type":"Metric","data":{"name":"vus","type":"gauge","contains":"default","thresholds":null,"submetrics":null},"metric":"vus"}',
  '{"metric":"vus","type":"Point","data":{"time":"2026-03-01T10:00:01Z","value":1,"tags":{}}}',
  '{"metric":"vus","type":"Point","data":{"time":"2026-03-01T10:00:02Z","value":1,"tags":null,"metadata":{"vu":"1"}}}',
];

/** What an import took of a run, whenever that was. */
const taken = ({ totals, record }: Imported): unknown => ({
  a: totals.select('calls{half:a}'),
  b: totals.select('calls{half:b,why:x}'),
  lag: totals.select('lag'),
  thresholds: record.run.end!.thresholds.map(({ metric, expression, ok }) => `${metric} ${expression} ${ok}`).sort(),
});

test('one reader takes k6’s lines of today and our own for the same run, and one JSON Schema holds both', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-today-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'own.json');
  await runScript(SCRIPT, { outputs: [{ kind: 'json', file }] });
  const own = readFileSync(file, 'utf8').trimEnd().split('\n');
  for (const line of [...own, ...AS_K6]) expect(isValid(line), `${line}: ${JSON.stringify(isLine.errors)}`).toBe(true);
  // What k6's lines leave out, thresholds of sub-metrics, its summary has.
  const summary = join(folder, 'summary.json');
  writeFileSync(summary, JSON.stringify({ metrics: { 'calls{half:a}': { thresholds: { 'count>1': false } } } }));
  const [ours, theirs] = [await imported(own), await imported(AS_K6, { summary })];
  expect(taken(ours)).toEqual(taken(theirs));
  expect(taken(ours)).toMatchObject({
    a: { samples: 2, sum: 4 },
    b: { samples: 2, sum: 4 },
    thresholds: ['calls{half:a} count>1 true', 'lag max<900 true', 'lag p(95)<500 true'],
  });
  expect(theirs.totals.select('vus')).toMatchObject({ samples: 2, value: 1 });
});

test('our lines have the order of keys of k6’s, sub-metrics within their metric, thresholds as the script wrote them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-today-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'own.json');
  await runScript(SCRIPT, { outputs: [{ kind: 'json', file }] });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const head = (metric: string) =>
    lines.find((line) => line.includes('"Metric"') && line.includes(`"name":"${metric}"`));
  expect(head('lag')).toBe(AS_K6.find((line) => line.includes('"name":"lag"')));
  expect(head('calls')).toBe(
    AS_K6[0]!
      .replace('"tags":{"half":"a"}', '"tags":{"half":"a"},"thresholds":["count>1"]')
      .replace('"tags":{"half":"b","why":"x"}', '"tags":{"half":"b","why":"x"},"thresholds":[]'),
  );
  expect(lines.filter((line) => line.includes('"Metric"') && line.includes('"metric":"calls{'))).toEqual([]);
  const shape = /^\{"metric":"lag","type":"Point","data":\{"time":"[^"]*","value":12\.5,"tags":\{[^}]*\}\}\}$/;
  expect(lines.filter((line) => shape.test(line))).toHaveLength(1);
});

test.each([
  ['a metric as k6 wrote it until 2022', AS_K6[0]!.replace('"thresholds"', '"tainted":null,"thresholds"')],
  ['a metric without a name in its data', AS_K6[0]!.replace('"name":"calls",', '')],
  ['a time without a zone', AS_K6[1]!.replace('+01:00', '')],
  ['a tag that is no text', AS_K6[1]!.replace('"half":"a"', '"half":1')],
  ['a value that is no number', AS_K6[1]!.replace('"value":2', '"value":"2"')],
])('the schema tells today’s lines from others: %s', (_what, line) => {
  expect(isValid(line)).toBe(false);
});
