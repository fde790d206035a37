import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { compareRuns } from '../../analysis/comparison/compare-runs.ts';
import { DEFAULT_SETTINGS } from '../../analysis/comparison/comparison.ts';
import { RunCollector } from '../../analysis/comparison/run-collector.ts';
import { estimateRun } from '../../analysis/comparison/run-estimates.ts';
import type { EstimatedRun } from '../../analysis/comparison/run-estimates.ts';
import { mergeRecords } from '../../cli/merge/merge-records.ts';
import { openRecord } from '../../record/read-record.ts';
import { readReportModel } from '../../cli/record/read-report-model.ts';
import { REPORT_FORMATS } from '../../cli/report-formats.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { ReportModel } from '../../report/model/report-model.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import type { Ended } from '../cli/command.ts';
import { failure } from '../cli/failed-flow.ts';
import { PASSED, madeRecord, madeRun } from '../cli/made-record.ts';
import type { Sample } from '../cli/made-record.ts';

/** `npm run check:lost` tries 200, and says so. */
const TRIES = Number(process.env['LOST'] ?? 30);
/** Of so many one goes through the real command. */
const COMMAND_EVERY = 10;

const INTERVALS = 12;
const START = Date.parse('2026-01-31T12:00:00.000Z');
const THRESHOLDS = [{ metric: 'flows', expression: 'count>0' }];
const FAILED = [failure(), failure({ user: 13 }), failure({ user: 14 })].map((one) => JSON.stringify(one));

function samples(): Sample[] {
  const kinds = ['F1', 'F4', 'F7'];
  return Array.from({ length: INTERVALS }, (_, index) => {
    const at = START + index * 1_000;
    const tags = { kind: kinds[index % kinds.length]! };
    return [
      { index, metric: 'flows', type: 'counter', tags, value: 2, at },
      { index, metric: 'flow_outcomes', type: 'counter', tags: { ...tags, outcome: 'device_paired' }, value: 2, at },
      { index, metric: 'outcome_mismatch', type: 'rate', tags, value: 0, at },
      { index, metric: 'http_req_duration', type: 'trend', tags: { name: 'poll' }, value: 20 + index, at },
      { index, metric: 'vus', type: 'gauge', tags: {}, value: index, at },
    ] as const;
  }).flat();
}

/** Makes a record that passed, as a run leaves it; `machine` tells the parts of one run apart. */
function made(machine: string): string {
  const flows = 2 * INTERVALS;
  const end = {
    ...PASSED,
    endedAt: new Date(START + INTERVALS * 1_000).toISOString(),
    durationMs: INTERVALS * 1_000,
    iterations: { planned: flows, started: flows, completed: flows, interrupted: 0, dropped: 0 },
    thresholds: [{ ...THRESHOLDS[0]!, value: flows, ok: true }],
    failures: { seen: FAILED.length, kept: FAILED.length },
  };
  const machines = [{ instance: machine, cpus: 2, runtime: 'Node 24', platform: 'linux x64' }];
  const folder = madeRecord(emptyFolder(), madeRun({ end, machines, thresholds: THRESHOLDS }), samples(), FAILED);
  writeFileSync(join(folder, 'result.json'), JSON.stringify({ verdict: 'pass', exitCode: 0, findings: [] }));
  return folder;
}

const FILES = ['run.json', 'series.jsonl', 'failures.jsonl', 'summary.json', 'result.json'] as const;

/** What may become of a file. Places are shares of its length. */
interface Harm {
  readonly file: (typeof FILES)[number];
  readonly how: 'cut' | 'short write' | 'bit flip' | 'zeros' | 'line gone' | 'line twice' | 'file gone';
  readonly at: number;
  readonly length: number;
  readonly bit: number;
}

const harms = fc.array(
  fc.record<Harm>({
    file: fc.oneof({ weight: 3, arbitrary: fc.constant('series.jsonl' as const) }, fc.constantFrom(...FILES)),
    how: fc.constantFrom('cut', 'short write', 'bit flip', 'zeros', 'line gone', 'line twice', 'file gone'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    length: fc.integer({ min: 1, max: 200 }),
    bit: fc.integer({ min: 0, max: 7 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function harm(folder: string, { file, how, at, length, bit }: Harm): void {
  const path = join(folder, file);
  if (!existsSync(path)) return;
  if (how === 'file gone') {
    rmSync(path);
    return;
  }
  const bytes = readFileSync(path);
  const from = Math.floor(at * bytes.length);
  const to = Math.min(bytes.length, from + length);
  if (how === 'line gone' || how === 'line twice') {
    const lines = bytes.toString('latin1').split(/(?<=\n)/);
    const line = Math.floor(at * lines.length);
    lines.splice(line, 1, ...(how === 'line twice' ? [lines[line]!, lines[line]!] : []));
    writeFileSync(path, Buffer.from(lines.join(''), 'latin1'));
    return;
  }
  if (how === 'bit flip' && bytes.length > 0) bytes[from]! ^= 1 << bit;
  if (how === 'zeros') bytes.fill(0, from, to);
  const kept = { cut: [bytes.subarray(0, from)], 'short write': [bytes.subarray(0, from), bytes.subarray(to)] };
  writeFileSync(path, Buffer.concat(how === 'cut' || how === 'short write' ? kept[how] : [bytes]));
}

/** The lines of intervals that a record has. */
function intervalLines(folder: string): ReadonlySet<string> {
  const file = join(folder, 'series.jsonl');
  const text = existsSync(file) ? readFileSync(file, 'latin1') : '';
  return new Set(text.split('\n').filter((line) => line.startsWith('{"i"')));
}

/** What a reader makes of it, or the one line in which it refuses. */
async function orLine<T>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.message).not.toMatch(/\n/);
    return error.message;
  }
}

async function estimated(folder: string): Promise<EstimatedRun> {
  const record = openRecord(folder);
  const collector = new RunCollector(record.run);
  for await (const interval of record.intervals()) collector.add(interval);
  return estimateRun(folder, collector.finish(0), record.damage());
}

let whole: string;
let other: string;
let lines: ReadonlySet<string>;

beforeAll(async () => {
  whole = made('a');
  other = made('b');
  lines = intervalLines(whole);
  expect(lines.size).toBe(INTERVALS);
  expect(compareRuns([await estimated(other)], [await estimated(whole)], DEFAULT_SETTINGS, false).verdict).not.toBe(
    'different_tests',
  );
});

test(
  'a record that lacks something is read as far as it goes, says what it lacks, and never passes',
  async () => {
    let tried = 0;
    const seen = { refused: 0, lacking: 0, passed: 0 };
    await fc.assert(
      fc.asyncProperty(harms, async (list) => {
        const parent = emptyFolder();
        const folder = join(parent, 'harmed');
        cpSync(whole, folder, { recursive: true });
        for (const one of list) harm(folder, one);
        const there = intervalLines(folder);
        const lacks = [...lines].some((line) => !there.has(line));
        const ofRun = list.some(({ file }) => file === 'run.json');

        const model = await orLine(() => readReportModel(folder));
        if (typeof model === 'string') {
          // What was run and how it ended stands in run.json alone.
          expect(ofRun, model).toBe(true);
          seen.refused++;
        } else await expectReport(model, lacks, there.size);

        const base = await estimated(other);
        const next = await orLine(() => estimated(folder));
        expect(typeof next === 'string').toBe(typeof model === 'string');
        if (typeof next !== 'string') {
          const { verdict, findings } = compareRuns([base], [next], DEFAULT_SETTINGS, false);
          if (lacks) expect(verdict).toBe('different_tests');
          if (lacks) expect(findings.map(({ text }) => text).join()).toContain('the record is incomplete');
          compareRuns([base], [next], DEFAULT_SETTINGS, true);
        }

        const said: string[] = [];
        const flags = { results: join(parent, 'merged'), gate: true } as const;
        const code = await orLine(() => mergeRecords([other, folder], flags, (line) => said.push(line)));
        expect(typeof code === 'string').toBe(typeof model === 'string');
        if (lacks && typeof code === 'number') {
          expect([code, said.join('\n')]).toEqual([99, expect.stringContaining('the record is incomplete')]);
          expect(openRecord(join(flags.results, readdirSync(flags.results)[0]!)).run.end!.verdict).toBe('fail');
        } else if (typeof code === 'number' && !ofRun) expect([code, said]).toEqual([0, expect.anything()]);
        if (lacks) seen.lacking++;
        else if (code === 0) seen.passed++;
        if (tried++ % COMMAND_EVERY === 0) await throughTheCommand(folder, lacks);
      }),
      { numRuns: TRIES, ...(process.env['LOST_SEED'] === undefined ? {} : { seed: Number(process.env['LOST_SEED']) }) },
    );
    process.stdout.write(`${tried} harmed records: ${JSON.stringify(seen)}\n`);
  },
  TRIES * 10_000,
);

async function expectReport(model: ReportModel, lacks: boolean, there: number): Promise<void> {
  for (const { load } of Object.values(REPORT_FORMATS)) expect((await load())(model).length).toBeGreaterThan(0);
  if (!lacks) return;
  expect(model.verdict.verdict).not.toBe('pass');
  expect(model.verdict.sentence + model.notes.join()).toMatch(/the record is incomplete/i);
  expect((await REPORT_FORMATS.junit.load())(model)).toMatch(/<(failure|error)/);
  // All lines that are whole were read, but for counts of series whose names are lost.
  const flows = model.flows?.started ?? 0;
  expect(flows).toBeLessThanOrEqual(2 * there);
}

async function throughTheCommand(folder: string, lacks: boolean): Promise<void> {
  const commands = [
    ['report', folder, '--format', 'markdown', '--out', '-'],
    ['compare', other, folder],
    ['merge', other, folder, '--gate', '--results', join(emptyFolder(), 'merged')],
  ];
  for (const args of commands) {
    const ended: Ended = await pairstorm(emptyFolder(), args);
    const said = ended.stdout + ended.stderr;
    expect([0, 99, 104, 105], said).toContain(ended.code);
    expect(said).not.toMatch(/^\s+at .*:\d+|a fault of Pairstorm/m);
    if (lacks && args[0] !== 'report') expect(ended.code, said).not.toBe(0);
    if (lacks) expect(said).toMatch(/incomplete|error: /);
  }
}
