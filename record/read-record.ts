import type { Finding } from '../catalogue/findings.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { DecodeError } from '../contract/decode.ts';
import type { Interval } from '../contract/series-counts.ts';
import { lineChunks } from './line-chunks.ts';
import type { LineLimit } from './line-chunks.ts';
import { decodeRunFile } from './run-file.ts';
import type { RunFile } from './run-file.ts';
import { SeriesDamage } from './series-damage.ts';
import { SERIES_VERSION, checkOf, seriesReader } from './series-file.ts';
import type { SeriesReader } from './series-file.ts';
import { TextFileError, describeFileError, readTextFile } from './text-file.ts';
import { isVersion0, readVersion0 } from './version-0.ts';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The first interval of a run with as many series as an engine can hold has some tens of millions of characters. */
const SERIES_LINES: LineLimit = { longest: 2 ** 26, expected: 'an interval on each line', damage: 'passed' };

/** Larger than any run.json. */
const MOST_BYTES = 50_000_000;

/** A record on disk. */
export interface StoredRecord {
  readonly folder: string;
  readonly run: RunFile;
  /**
   * The recorded intervals, read lazily; an interval may come in several pieces. Missing or damaged lines are skipped.
   * Throws a ConfigurationError for a file that does not belong to this run.
   */
  readonly intervals: () => AsyncIterable<Interval>;
  /** What was missing, once the intervals were read to the end. */
  readonly damage: () => readonly Finding[];
}

/** Opens a record of this version or of version 0 (version-0.ts). Throws a ConfigurationError saying what is wrong. */
export function openRecord(folder: string): StoredRecord {
  const file = join(folder, 'run.json');
  if (!existsSync(folder))
    throw new ConfigurationError(`${folder} does not exist; pass a run folder, such as results/<run>`);
  if (isVersion0(folder)) {
    const { run, interval } = decoded(folder, () => readVersion0(folder));
    return { folder, run, intervals: () => once(interval), damage: () => [] };
  }
  const inside = existsSync(file) || !statSync(folder).isDirectory() ? [] : runsIn(folder);
  if (inside.length > 0)
    throw new ConfigurationError(`${folder} holds runs; expected a run folder, such as the newest, ${inside.at(-1)}`);
  const run = decoded(file, () => decodeRunFile(JSON.parse(readTextFile(file, MOST_BYTES)), file));
  let damage = new SeriesDamage();
  return {
    folder,
    run,
    intervals() {
      damage = new SeriesDamage();
      return intervalsOf(join(folder, 'series.jsonl'), run, damage);
    },
    damage: () => damage.findings(run.end?.series?.lines),
  };
}

async function* once(interval: Interval): AsyncIterable<Interval> {
  yield interval;
}

async function* intervalsOf(file: string, run: RunFile, damage: SeriesDamage): AsyncIterable<Interval> {
  const reading = new SeriesReading(file, run, damage);
  if (existsSync(file)) {
    let held: string | undefined;
    for await (const { lines } of lineChunks(file, 'refuse', SERIES_LINES)) {
      for (const line of lines) {
        const interval = held === undefined ? undefined : reading.take(held, false);
        if (interval !== undefined) yield interval;
        held = line;
      }
    }
    const last = held === undefined ? undefined : reading.take(held, true);
    if (last !== undefined) yield last;
  }
  reading.end();
}

/** Reads the lines of a series.jsonl, skips damaged ones, and notes what is missing. */
class SeriesReading {
  readonly #file: string;
  readonly #run: RunFile;
  readonly #damage: SeriesDamage;
  readonly #reader: SeriesReader;
  /** Lines carry their number. */
  #numbered: boolean;
  /** Number of the latest line, and its interval. */
  #number = 0;
  #index = -1;
  /** Damaged lines since the latest good one. */
  #unread = 0;

  constructor(file: string, run: RunFile, damage: SeriesDamage) {
    this.#file = file;
    this.#run = run;
    this.#damage = damage;
    this.#reader = seriesReader(file);
    this.#numbered = run.end?.series !== undefined;
  }

  /** The interval on a line, if the line is good and has one. */
  take(line: string, last: boolean): Interval | undefined {
    const check = checkOf(line);
    if (check !== undefined) this.#numbered = true;
    // The missing lines may have held the head or the names of series.
    if (check?.whole === true && (check.number ?? 0) > this.#number + (this.#reader.head() === undefined ? 0 : 1))
      this.#lacks();
    const interval = (check?.whole ?? !this.#numbered) ? this.#read(line) : 'damaged';
    if (interval === undefined) return undefined;
    const again = check?.number !== undefined && check.number <= this.#number;
    if (interval === 'damaged' || again) {
      // The run was killed while writing this line.
      if (last && this.#run.end === null) return undefined;
      this.#damage.damaged++;
      this.#unread++;
      this.#lacks();
      return undefined;
    }
    const missing = check?.number === undefined ? this.#unread : check.number - this.#number - 1;
    if (missing > 0) this.#hole(missing, interval.index);
    this.#number = check?.number ?? this.#number;
    this.#index = Math.max(this.#index, interval.index);
    this.#unread = 0;
    return interval;
  }

  /** To be called at the end of the file. */
  end(): void {
    const { end, intervalMs } = this.#run;
    const lines = end?.series?.lines;
    const missing = lines === undefined ? (this.#numbered ? 0 : this.#unread) : lines - this.#number;
    if (missing > 0) this.#hole(missing, Math.ceil((end?.durationMs ?? 0) / intervalMs));
    if (missing < 0 || (end !== null && this.#numbered && lines === undefined))
      this.#damage.message = 'run.json does not say how many lines series.jsonl has';
    this.#damage.counts = this.#reader.leftOut();
  }

  #read(line: string): Interval | 'damaged' | undefined {
    const { intervalMs } = this.#run;
    try {
      const interval = this.#reader.read(line);
      if (interval !== undefined) return interval;
      const head = this.#reader.head()!;
      if (head.intervalMs !== intervalMs)
        throw new ConfigurationError(
          `${this.#file}: line 1: intervalMs is ${head.intervalMs}; expected ${intervalMs}, as in run.json`,
        );
      return undefined;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const version = Number(/^\{"series":"pairstorm","version":(\d{1,9})\D/.exec(line)?.[1] ?? 0);
      if (version > SERIES_VERSION) throw new ConfigurationError(`${error.message}; update Pairstorm`);
      return 'damaged';
    }
  }

  #lacks(): void {
    this.#reader.lacks({ version: SERIES_VERSION, intervalMs: this.#run.intervalMs });
  }

  /** Notes that lines are missing before an interval. */
  #hole(lines: number, index: number): void {
    const { intervalMs } = this.#run;
    const [from, to] = index > this.#index + 1 ? [this.#index + 1, index] : [Math.max(0, index - 1), index + 1];
    this.#damage.hole(lines, from * intervalMs, to * intervalMs);
    this.#lacks();
  }
}

/** Runs a decoder and turns its errors into a ConfigurationError of one line. */
function decoded<T>(file: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    if (error instanceof DecodeError) throw new ConfigurationError(error.message);
    if (error instanceof SyntaxError)
      throw new ConfigurationError(`${file} is not JSON; expected a file written by a run`);
    const reason = error instanceof TextFileError ? error.message : describeFileError(error);
    throw new ConfigurationError(`${file}: ${reason}; expected a run folder`);
  }
}

/** Files that make a folder a record; version 0 had only the second. */
const OF_A_RECORD = ['run.json', 'result.json'] as const;

const isRecord = (folder: string): boolean => OF_A_RECORD.some((file) => existsSync(join(folder, file)));

/** The run folders in a folder, by name, which begins with the time. */
const runsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isRecord(join(folder, entry.name)))
    .map(({ name }) => join(folder, name))
    .sort();

/**
 * The records that a folder stands for: itself, or all that it holds, by name. Throws a ConfigurationError where there is none.
 */
export function repeatedRuns(folder: string): readonly string[] {
  if (!existsSync(folder) || isRecord(folder)) return [folder];
  if (!statSync(folder).isDirectory())
    throw new ConfigurationError(`${folder} is a file; pass a run folder, or a folder of run folders`);
  const inside = runsIn(folder);
  if (inside.length === 0)
    throw new ConfigurationError(
      `${folder} is not a run record and contains none; pass a run folder, or a folder of run folders`,
    );
  return inside;
}
