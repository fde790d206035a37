import type { Finding } from '../../catalogue/findings.ts';
import type { Interval } from '../../contract/series-counts.ts';
import { readFailedFlows } from '../../record/failures-file.ts';
import { openRecord } from '../../record/read-record.ts';
import { emptyFolder } from './command.ts';
import { failure } from './failed-flow.ts';
import { cutOff, madeRecord, madeRun } from './made-record.ts';
import type { Sample } from './made-record.ts';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sample = (index: number, tags: Record<string, string> = {}): Sample => ({
  ...{ index, metric: 'calls', type: 'counter', tags, value: 1 },
  at: Date.parse('2026-01-31T12:00:00Z') + index * 1_000,
});

async function intervalsOf(folder: string): Promise<Interval[]> {
  const intervals: Interval[] = [];
  for await (const interval of openRecord(folder).intervals()) intervals.push(interval);
  return intervals;
}

const SAMPLES = [sample(0), sample(1), sample(2)];
const killed = (): string => madeRecord(emptyFolder(), madeRun({ end: null }), SAMPLES);
const finished = (): string => madeRecord(emptyFolder(), madeRun(), SAMPLES);

test('a last line that was truncated is left out', async () => {
  for (const folder of [killed(), finished()]) {
    cutOff(folder);
    expect((await intervalsOf(folder)).map(({ index }) => index)).toEqual([0, 1, 2]);
  }
});

/** The lines of a record's series, changed. */
function change(folder: string, how: (lines: string[]) => readonly string[]): void {
  const file = join(folder, 'series.jsonl');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(
    file,
    how(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

async function damageOf(
  folder: string,
): Promise<{ readonly read: readonly number[]; readonly found: readonly Finding[] }> {
  const record = openRecord(folder);
  const read: number[] = [];
  for await (const { index } of record.intervals()) read.push(index);
  return { read, found: record.damage() };
}

test('a line that is missing or cannot be read is passed over, counted, and told with its time', async () => {
  const whole = finished();
  expect(await damageOf(whole)).toEqual({ read: [0, 1, 2], found: [] });
  for (const how of [
    (lines: string[]) => lines.toSpliced(2, 1),
    (lines: string[]) => lines.with(2, lines[2]!.replace('[0,1,1]', '[0,1,3]')),
    (lines: string[]) => lines.with(2, lines[2]!.slice(0, 9)),
    (lines: string[]) => lines.with(2, ''),
  ]) {
    const folder = finished();
    change(folder, how);
    const { read, found } = await damageOf(folder);
    expect(read).toEqual([0, 2]);
    expect(found).toMatchObject([
      { code: 'record_damaged', exit: 99, data: { missing: 1, of: 3, fromMs: 1_000, toMs: 2_000 } },
    ]);
  }
});

test('a last line that was truncated is missing in the record of a run that ended, and expected in one that was killed', async () => {
  for (const [folder, found] of [
    [finished(), [{ exit: 99, data: { missing: 1, of: 3, fromMs: 2_000, toMs: 60_000 } }]],
    [killed(), []],
  ] as const) {
    const file = join(folder, 'series.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -9));
    expect(await damageOf(folder)).toMatchObject({ read: [0, 1], found });
  }
});

test('a line too much takes nothing away: it is a remark', async () => {
  const folder = finished();
  change(folder, (lines) => [...lines.slice(0, 2), lines[1]!, 'x', ...lines.slice(2)]);
  expect(await damageOf(folder)).toMatchObject({ read: [0, 1, 2], found: [{ exit: 0, data: { damaged: 2 } }] });
});

test('without the line that names a series, what is recorded of it is left out and counted', async () => {
  const folder = finished();
  change(folder, (lines) => lines.toSpliced(1, 1));
  const { read, found } = await damageOf(folder);
  expect(read).toEqual([1, 2]);
  expect(found).toMatchObject([{ data: { missing: 1, counts: 2 } }]);
});

test('without its head, or without any of it, a record is read as far as it goes', async () => {
  const folder = finished();
  change(folder, (lines) => lines.slice(1));
  expect(await damageOf(folder)).toEqual({ read: [0, 1, 2], found: [] });
  rmSync(join(folder, 'series.jsonl'));
  expect(await damageOf(folder)).toMatchObject({ read: [], found: [{ exit: 99, data: { missing: 3, fromMs: 0 } }] });
});

test('a record of before, whose lines have no checks, is read as far as it goes', async () => {
  const folder = finished();
  const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { end: Record<string, unknown> };
  delete run.end['series'];
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  change(folder, (lines) => lines.map((line) => line.replace(/(,"n":\d+)?,"crc":\d+\}$/, '}')));
  expect(await damageOf(folder)).toEqual({ read: [0, 1, 2], found: [] });
  change(folder, (lines) => lines.with(2, `${lines[2]!.slice(0, 5)}${lines[2]!}`));
  expect(await damageOf(folder)).toMatchObject({
    read: [0, 2],
    found: [{ exit: 99, data: { missing: 1, damaged: 1, fromMs: 1_000, toMs: 2_000 } }],
  });
});

test('series of another interval length than run.json says are refused', async () => {
  const folder = finished();
  const file = join(folder, 'series.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"intervalMs":1000.*/, '"intervalMs":500}'));
  const run = readFileSync(join(folder, 'run.json'), 'utf8');
  writeFileSync(join(folder, 'run.json'), run.replace(/,\s*"series": \{\s*"lines": \d+\s*\}/, ''));
  await expect(intervalsOf(folder)).rejects.toThrow('series.jsonl: line 1: intervalMs is 500; expected 1000');
});

test('a line ends at a line feed only: other separators of Unicode are text', async () => {
  const separators = 'a\u2028b\u2029c\u0085d';
  const flows = [failure({ reason: separators }), failure({ user: 13 })];
  const folder = madeRecord(
    emptyFolder(),
    madeRun(),
    [sample(0, { name: separators }), sample(1)],
    flows.map((flow) => JSON.stringify(flow)),
  );
  const [first, second] = await intervalsOf(folder);
  expect(first!.recorded[0]![0].tags).toEqual({ name: separators });
  expect(second!.index).toBe(1);
  expect(await readFailedFlows(folder)).toEqual({ flows, damaged: 0 });
});

test('a file without line breaks is refused before it fills the memory', async () => {
  const folder = finished();
  const file = join(folder, 'series.jsonl');
  const piece = ' '.repeat(2 ** 22);
  for (let at = 0; at < 17; at++) appendFileSync(file, piece);
  await expect(intervalsOf(folder)).rejects.toThrow('line 5 has more than 67108864 characters');
  writeFileSync(join(folder, 'failures.jsonl'), piece);
  await expect(readFailedFlows(folder)).rejects.toThrow('line 1 has more than 1000000 characters');
  rmSync(folder, { recursive: true });
});

test('failed flows: a line that is none is passed over and counted, the last one of a file that was truncated is left out', async () => {
  const lines = ['{"user":1}', JSON.stringify(failure()), '{"user":1}'];
  const folder = madeRecord(emptyFolder(), madeRun(), SAMPLES, lines);
  expect(await readFailedFlows(folder)).toEqual({ flows: [failure()], damaged: 2 });
  writeFileSync(join(folder, 'failures.jsonl'), lines.join('\n'));
  expect(await readFailedFlows(folder)).toEqual({ flows: [failure()], damaged: 1 });
});
