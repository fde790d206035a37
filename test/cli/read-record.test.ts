import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFailedFlows } from '../../cli/record/read-failed-flows.ts';
import { openRecord } from '../../cli/record/read-record.ts';
import type { Interval } from '../../contract/run-record/interval.ts';
import { emptyFolder } from './command.ts';
import { failure } from './failed-flow.ts';
import { cutOff, madeRecord, madeRun } from './made-record.ts';
import type { Sample } from './made-record.ts';

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

test('a last line that was cut off is left out', async () => {
  for (const folder of [killed(), finished()]) {
    cutOff(folder);
    expect((await intervalsOf(folder)).map(({ index }) => index)).toEqual([0, 1, 2]);
  }
});

test('a whole last line that is wrong is refused in the record of a run that ended', async () => {
  const wrong = '{"i":3,"counts":[[77,1,1]]}\n';
  const ended = finished();
  appendFileSync(join(ended, 'series.jsonl'), wrong);
  await expect(intervalsOf(ended)).rejects.toThrow('series.jsonl: line 5: counts[0]: no series has the number 77');
  const cut = killed();
  appendFileSync(join(cut, 'series.jsonl'), wrong);
  expect(await intervalsOf(cut)).toHaveLength(3);
});

test('series of another interval length than run.json says are refused', async () => {
  const folder = finished();
  const file = join(folder, 'series.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"intervalMs":1000', '"intervalMs":500'));
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
  expect(await readFailedFlows(folder)).toEqual(flows);
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

test('failed flows: a line that is none is refused, the last one of a file that was cut off is left out', async () => {
  const lines = [JSON.stringify(failure()), '{"user":1}'];
  const folder = madeRecord(emptyFolder(), madeRun(), SAMPLES, lines);
  await expect(readFailedFlows(folder)).rejects.toThrow('failures.jsonl: line 2.');
  writeFileSync(join(folder, 'failures.jsonl'), lines.join('\n'));
  expect(await readFailedFlows(folder)).toEqual([failure()]);
});
