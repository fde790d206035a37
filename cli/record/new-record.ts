import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { NamedSeries } from '../../contract/run-record/interval.ts';
import type { RunFile } from '../../contract/run-record/run-file.ts';
import { encodeInterval, encodeSeriesHead } from '../../contract/run-record/series-file.ts';
import type { SeriesCounts, SeriesTotal } from '../../contract/series-counts.ts';
import type { SummaryData } from '../../contract/summary-data.ts';
import { describeFileError } from '../file-error.ts';
import { makeFolders, makeNew } from '../results-folder.ts';
import type { ClosedInterval } from './interval-window.ts';

/** Characters of series.jsonl that are put together before they go to the disk. */
const CHUNK = 256 * 1024;

/**
 * The folder of a record that is made out of other files. run.json comes last, so that a folder which was not finished is no
 * record. What cannot be written is a ConfigurationError: unlike a run, the making can be done again.
 */
export class NewRecord {
  readonly folder: string;
  /** run.json is written. */
  finished = false;
  readonly #series: number;
  readonly #named = new Set<number>();
  #chunk: string;

  /** Makes the folder, never one that exists: `<UTC start>-<name>` below `parent`. */
  constructor(parent: string, name: string, startedAt: Date, intervalMs: number) {
    const time = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
    const wanted = join(parent, `${time}Z-${name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100)}`);
    this.#chunk = `${encodeSeriesHead(intervalMs)}\n`;
    try {
      makeFolders(resolve(parent));
      this.folder = makeNew(wanted);
      this.#series = openSync(join(this.folder, 'series.jsonl'), 'wx');
    } catch (error) {
      const reason = error instanceof ConfigurationError ? error.message : describeFileError(error);
      throw new ConfigurationError(`--results ${parent}: ${reason}`);
    }
  }

  /** Writes a line of an interval. */
  write(index: number, closed: ClosedInterval): void {
    const named: NamedSeries[] = [];
    const recorded: [number, SeriesCounts][] = [];
    for (const [series, total] of closed) {
      const { number, metric, type, contains, tags } = series;
      if (!this.#named.has(number)) {
        this.#named.add(number);
        named.push({ number, metric, type, contains, tags });
      }
      recorded.push([number, countsOf(total)]);
    }
    this.#chunk += `${encodeInterval({ index, named, recorded })}\n`;
    if (this.#chunk.length >= CHUNK) this.#flush();
  }

  /** Writes the rest: failures.jsonl where there are any, summary.json, and run.json. */
  finish(run: RunFile, summary: SummaryData, failures: readonly string[]): void {
    this.#flush();
    closeSync(this.#series);
    this.#attempt(() => {
      const write = (file: string, text: string): void => writeFileSync(join(this.folder, file), text, { flag: 'wx' });
      if (failures.length > 0) write('failures.jsonl', failures.map((line) => `${line}\n`).join(''));
      write('summary.json', `${JSON.stringify(summary, undefined, 2)}\n`);
      write('run.json', `${JSON.stringify(run, undefined, 2)}\n`);
    });
    this.finished = true;
  }

  /** Takes the folder away: what it was made from cannot be used. */
  discard(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #flush(): void {
    const bytes = Buffer.from(this.#chunk);
    this.#chunk = '';
    this.#attempt(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#series, bytes, at);
    });
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw new ConfigurationError(`${this.folder} cannot be written: ${describeFileError(error)}`);
    }
  }
}

/** A total as plain data. */
function countsOf(total: SeriesTotal): SeriesCounts {
  return 'histogram' in total ? total.histogram.encode() : total;
}
