import { ConfigurationError } from '../contract/configuration-error.ts';
import type { SummaryData } from '../contract/figures.ts';
import { countsOf } from '../contract/series-counts.ts';
import type { NamedSeries, NumberedInterval, SeriesCounts } from '../contract/series-counts.ts';
import type { ClosedInterval } from './interval-window.ts';
import { ResultsFolder } from './results-folder.ts';
import type { RunFile } from './run-file.ts';
import { checkedLine, encodeInterval, encodeSeriesHead } from './series-file.ts';

/** An interval may have several lines, which add up (record/series-file.ts); short lines need little memory. */
const SERIES_PER_LINE = 500;

/**
 * A record made from other files. run.json is written last, so that an unfinished folder is not a record. A failed
 * write is a ConfigurationError: unlike a run, this can be repeated.
 */
export class NewRecord {
  /** Name of its folder, without the path. */
  readonly name: string;
  /** run.json has been written. */
  finished = false;
  readonly #folder: ResultsFolder;
  readonly #named = new Set<number>();
  #lines = 0;

  /** Creates a new folder `<UTC start>-<name>` in `parent`. */
  constructor(parent: string, name: string, startedAt: Date, intervalMs: number) {
    this.#folder = new ResultsFolder(parent, name, startedAt);
    this.#folder.prepare();
    this.name = this.#folder.make();
    this.#folder.append('series.jsonl', checkedLine(encodeSeriesHead(intervalMs)));
    this.#check();
  }

  get folder(): string {
    return this.#folder.path;
  }

  /** Writes an interval: one line, or several if it has very many series. */
  write(index: number, closed: ClosedInterval): void {
    let named: NamedSeries[] = [];
    let recorded: [number, SeriesCounts][] = [];
    const line = (): void => {
      this.#folder.append('series.jsonl', checkedLine(encodeInterval({ index, named, recorded }), ++this.#lines));
      named = [];
      recorded = [];
    };
    for (const [series, total] of closed) {
      const { number, metric, type, contains, tags } = series;
      if (!this.#named.has(number)) {
        this.#named.add(number);
        named.push({ number, metric, type, contains, tags });
      }
      recorded.push([number, countsOf(total)]);
      if (recorded.length >= SERIES_PER_LINE) line();
    }
    if (recorded.length > 0) line();
    this.#check();
  }

  /** Writes what others recorded beside it; its series have numbers of their own. */
  add(interval: NumberedInterval): void {
    this.#folder.append('series.jsonl', checkedLine(encodeInterval(interval), ++this.#lines));
    this.#check();
  }

  /** Writes the rest: failures.jsonl if there are failures, summary.json, what goes beside it by file name, and run.json. */
  finish(
    run: RunFile,
    summary: SummaryData,
    failures: readonly string[],
    beside: Readonly<Record<string, unknown>> = {},
  ): void {
    for (const line of failures) this.#folder.append('failures.jsonl', line);
    this.#folder.replaceJson('summary.json', summary);
    for (const [file, content] of Object.entries(beside)) this.#folder.replaceJson(file, content);
    this.#check();
    const end = run.end && { ...run.end, series: { lines: this.#lines } };
    this.#folder.replaceJson('run.json', { ...run, end });
    this.#check();
    this.#folder.close();
    this.finished = true;
  }

  /** Deletes the folder unless it was finished. */
  discard(): void {
    if (!this.finished) this.#folder.discard();
  }

  #check(): void {
    if (this.#folder.problem !== undefined)
      throw new ConfigurationError(`${this.folder} cannot be written: ${this.#folder.problem}`);
  }
}
