import type { NamedSeries } from '../../contract/series-counts.ts';
import { LineFile } from '../../record/line-file.ts';
import { openRecord } from '../../record/read-record.ts';
import { ResultsFolder } from '../../record/results-folder.ts';
import { RunRecorder } from '../../record/run-recorder.ts';
import { emptyFolder } from '../cli/command.ts';
import { PASSED, madeRun } from '../cli/made-record.ts';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('Lines wait until there is a file, in their order; of those that are too many the latest are lost and counted', () => {
  const path = join(emptyFolder(), 'there', 'lines');
  const lines = new LineFile(() => openSync(path, 'wx'), 20);
  expect(['one', 'two', 'three', 'four'].map((line) => lines.append(line))).toEqual([true, true, true, true]);
  expect([lines.append('five'), lines.waiting, lines.lost]).toEqual([false, 4, 1]);
  mkdirSync(join(path, '..'));
  expect([lines.append('six'), lines.waiting, lines.error]).toEqual([true, 0, undefined]);
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\nfour\nsix\n');
  lines.close();
});

/** A folder whose disk loses some lines of the series for good. */
class Losing extends ResultsFolder {
  readonly #lost: readonly number[];
  #lines = 0;

  constructor(parent: string, lost: readonly number[]) {
    super(parent, 'losing', new Date(0));
    this.#lost = lost;
  }

  override append(file: string, line: string): boolean {
    return this.#lost.includes(this.#lines++) ? false : super.append(file, line);
  }
}

const series = (number: number): NamedSeries => ({
  ...{ number, metric: 'calls', type: 'counter', contains: 'default', tags: { part: `${number}` } },
});

test('A series whose naming line is lost is named on the next one, and the finding of the run is that of its readers', async () => {
  const folder = new Losing(emptyFolder(), [2, 3, 5]);
  const recorder = new RunRecorder(folder);
  recorder.start(madeRun({ end: null }));
  for (let index = 0; index < 6; index++) {
    const recorded = Array.from({ length: index + 1 }, (_, number) => [number, { samples: 1, sum: 1 }] as const);
    recorder.interval({ index, named: [series(index)], recorded });
  }
  const hole = recorder.hole();
  expect(hole).toMatchObject({
    code: 'record_damaged',
    exit: 99,
    data: { missing: 3, of: 6, fromMs: 1_000, toMs: 5_000 },
  });
  recorder.end({ ...PASSED, durationMs: 6_000, series: recorder.count });
  folder.close();
  const record = openRecord(folder.path);
  const read: [number, number][] = [];
  for await (const { index, recorded } of record.intervals()) read.push([index, recorded.length]);
  expect(read).toEqual([
    [0, 1],
    [3, 4],
    [5, 6],
  ]);
  expect(record.damage()).toEqual([hole]);
});

test('A long run names its series again: who lost the first line knows them from there on', async () => {
  const folder = new ResultsFolder(emptyFolder(), 'long', new Date(0));
  const recorder = new RunRecorder(folder);
  recorder.start(madeRun({ end: null }));
  for (let index = 0; index < 150; index++)
    recorder.interval({ index, named: index === 0 ? [series(0)] : [], recorded: [[0, { samples: 1, sum: 1 }]] });
  recorder.end({ ...PASSED, durationMs: 150_000, series: recorder.count });
  folder.close();
  const file = join(folder.path, 'series.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"part":"0"', '"part":"1"'));
  const record = openRecord(folder.path);
  let counted = 0;
  for await (const { recorded } of record.intervals()) counted += recorded.length;
  expect(counted).toBe(90);
  expect(record.damage()).toMatchObject([{ data: { missing: 1, of: 150, damaged: 1, counts: 59 } }]);
});
