import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { DecodeError } from '../../contract/decode.ts';
import type { Interval } from '../../contract/run-record/interval.ts';
import { decodeRunFile } from '../../contract/run-record/run-file.ts';
import type { RunFile } from '../../contract/run-record/run-file.ts';
import { seriesReader } from '../../contract/run-record/series-file.ts';
import { describeFileError } from '../file-error.ts';
import { TextFileError, readTextFile } from '../text-file.ts';
import { lineChunks } from '../import/line-chunks.ts';
import type { LineLimit } from '../import/line-chunks.ts';
import { isVersion0, readVersion0 } from './version-0.ts';

/** The first interval of a run with as many series as an engine holds has some tens of millions. */
const SERIES_LINES: LineLimit = { longest: 2 ** 26, expected: 'an interval on each line' };

/** Larger than any run.json. */
const MOST_BYTES = 50_000_000;

/** A record on the disk. */
export interface StoredRecord {
  readonly folder: string;
  readonly run: RunFile;
  /**
   * What was recorded, interval by interval, read as it is asked for; several may come for one interval. A last line
   * that was cut off is left out: that of a run that was killed, or one without a line break. Throws a ConfigurationError for
   * anything else that is not as it should be.
   */
  readonly intervals: () => AsyncIterable<Interval>;
}

/** Opens the record in a folder, of this version or of the one before (version-0.ts). Throws a ConfigurationError that says what is missing or wrong. */
export function openRecord(folder: string): StoredRecord {
  const file = join(folder, 'run.json');
  if (!existsSync(folder))
    throw new ConfigurationError(`${folder} does not exist; give the folder of a run, such as results/<run>`);
  if (isVersion0(folder)) {
    const { run, interval } = decoded(folder, () => readVersion0(folder));
    return { folder, run, intervals: () => once(interval) };
  }
  const run = decoded(file, () => decodeRunFile(JSON.parse(readTextFile(file, MOST_BYTES)), file));
  return { folder, run, intervals: () => intervalsOf(join(folder, 'series.jsonl'), run) };
}

async function* once(interval: Interval): AsyncIterable<Interval> {
  yield interval;
}

async function* intervalsOf(file: string, run: RunFile): AsyncIterable<Interval> {
  if (!existsSync(file)) return;
  const reader = seriesReader(file);
  let held: string | undefined;
  let cut = false;
  for await (const { lines, open } of lineChunks(file, 'refuse', SERIES_LINES)) {
    for (const line of lines) {
      if (held !== undefined) {
        const interval = decoded(file, () => read(held!));
        if (interval !== undefined) yield interval;
      }
      held = line;
    }
    cut = open;
  }
  if (held === undefined) return;
  let last: Interval | undefined;
  try {
    last = decoded(file, () => read(held));
  } catch (error) {
    // The run was killed while it wrote this line, or its disk was full.
    if (run.end === null || cut) return;
    throw error;
  }
  if (last !== undefined) yield last;

  function read(line: string): Interval | undefined {
    const interval = reader.read(line);
    const { intervalMs } = reader.head()!;
    if (intervalMs !== run.intervalMs)
      throw new DecodeError(`${file}: line 1: intervalMs is ${intervalMs}; expected ${run.intervalMs}, as in run.json`);
    return interval;
  }
}

/** Runs a decoder; what it or the file system says becomes one line for the user. */
function decoded<T>(file: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    if (error instanceof DecodeError) throw new ConfigurationError(error.message);
    if (error instanceof SyntaxError)
      throw new ConfigurationError(`${file} is not JSON; expected what a run writes there`);
    const reason = error instanceof TextFileError ? error.message : describeFileError(error);
    throw new ConfigurationError(`${file}: ${reason}; expected the folder of a run`);
  }
}
