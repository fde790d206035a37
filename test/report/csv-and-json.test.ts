import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvReport } from '../../report/csv.ts';
import { jsonReport } from '../../report/json.ts';
import { count, flowsWith, hostileModel, modelOf, rate, times } from './model-of.ts';

/** Reads CSV by the grammar of RFC 4180. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let row: string[] = [];
  for (let match = cell.exec(csv); match !== null; match = cell.exec(csv)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') {
      rows.push(row);
      row = [];
    }
    if (cell.lastIndex === csv.length) return rows;
  }
  throw new Error(`no CSV: ${csv.slice(0, 200)}`);
}

describe('A CSV report', () => {
  it('has a row for each metric as a whole, by its tags, and by the parts of the run', () => {
    const model = modelOf([
      ['http_req_duration', { name: 'poll', phase: 'ramp', scenario: 'load' }, times(10, 20)],
      ['http_req_duration', { name: 'token', phase: 'steady', scenario: 'load' }, times(30)],
      ['outcome_mismatch', { kind: 'F1' }, rate(1, 4)],
      ['flows', { kind: 'F1' }, count(150)],
      ['vus', {}, { samples: 2, value: 3, min: 1, max: 5, at: 1 }],
    ]);
    const [head, ...rows] = rowsOf(csvReport(model));
    expect(head).toEqual('metric,tags,type,unit,count,rate,last,min,p50,p95,p99,max'.split(','));
    expect(rows.map(([metric, tags]) => `${metric} ${tags}`)).toEqual([
      ...['http_req_duration ', 'http_req_duration name:poll', 'http_req_duration name:token'],
      ...['http_req_duration phase:ramp', 'http_req_duration phase:steady', 'http_req_duration scenario:load'],
      ...['outcome_mismatch ', 'outcome_mismatch kind:F1', 'flows ', 'flows kind:F1', 'vus '],
    ]);
    const row = (name: string): string[] => rows.find(([metric, tags]) => `${metric} ${tags}` === name)!;
    expect(row('http_req_duration ').slice(2, 6)).toEqual(['trend', 'ms', '3', '0.04']);
    expect(row('http_req_duration ').slice(6)).toEqual(['', '10', ...row('http_req_duration ').slice(8, 11), '30']);
    expect(row('outcome_mismatch kind:F1').slice(4, 7)).toEqual(['4', '0.25', '']);
    expect(row('flows kind:F1').slice(4, 7)).toEqual(['150', '2', '']);
    expect(row('vus ').slice(4)).toEqual(['2', '', '3', '1', '', '', '', '5']);
  });

  it('is CSV whatever texts a record holds, and no cell is a formula', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('=1+1', '@SUM(A1)', '+a', '-2+3', 'a,"b"\r\nc', '\t=x'));
    fc.assert(
      fc.property(text, (hostile) => {
        const rows = rowsOf(csvReport(hostileModel(hostile)));
        for (const row of rows) {
          expect(row).toHaveLength(12);
          for (const cell of row.slice(0, 4)) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        }
        const name = hostile === '' ? 'm' : hostile;
        const shown = /^[=+\-@\t\r\n]/.test(name) ? `'${name}` : name;
        expect(rows.map(([metric]) => metric)).toContain(shown);
      }),
    );
  });
});

describe('A JSON report', () => {
  const schema = JSON.parse(readFileSync(new URL('../../report/report.schema.json', import.meta.url), 'utf8')) as {
    readonly properties: object;
  };
  const valid = new Ajv({ allowUnionTypes: true }).compile(schema);

  it('is as its schema says, field by field', () => {
    for (const model of [modelOf([]), modelOf(flowsWith(3)), modelOf([], { end: null }), hostileModel('x')]) {
      const report = JSON.parse(jsonReport(model)) as object;
      expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
      expect(Object.keys(report).sort()).toEqual(Object.keys(schema.properties).sort());
    }
  });

  it('holds counts exactly', () => {
    const report = JSON.parse(jsonReport(modelOf(flowsWith(3)))) as {
      flows: { started: number; notAsPrescribed: number; kinds: { kind: string; ended: number }[] };
      metrics: { metric: string; tags: object; value: number }[];
    };
    expect(report.flows).toMatchObject({ started: 60, notAsPrescribed: 3 });
    expect(report.metrics).toContainEqual(
      expect.objectContaining({ metric: 'flow_outcomes', tags: { kind: 'F5', outcome: 'http_error' }, value: 3 }),
    );
  });
});
