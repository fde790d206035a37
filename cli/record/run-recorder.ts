import type { AddedInterval, NumberedInterval, SeriesName } from '../../contract/run-record/interval.ts';
import type { RunEnd, RunFile } from '../../contract/run-record/run-file.ts';
import { encodeInterval, encodeSeriesHead } from '../../contract/run-record/series-file.ts';
import { RecordFold } from '../../report/model/record-fold.ts';
import type { ResultsFolder } from '../results-folder.ts';

/**
 * Writes a record as its run goes, so that one which is killed leaves what came until then: run.json at the start and again
 * at the end, series.jsonl line by line. A disk that is full ends no run; the folder remembers why. What was recorded is also
 * added up here: what is said after the run comes from the record, whatever became of the disk.
 */
export class RunRecorder {
  /** All that was recorded so far. */
  readonly fold = new RecordFold();
  readonly #folder: ResultsFolder;
  readonly #series = new Map<number, SeriesName>();
  #run: RunFile | undefined;

  constructor(folder: ResultsFolder) {
    this.#folder = folder;
  }

  /** The run.json as it is so far; undefined before the start. */
  get run(): RunFile | undefined {
    return this.#run;
  }

  start(run: RunFile): void {
    this.#run = run;
    this.#folder.replaceJson('run.json', run);
    this.#folder.append('series.jsonl', encodeSeriesHead(run.intervalMs));
    this.#folder.open('failures.jsonl');
  }

  interval(interval: NumberedInterval): void {
    this.#folder.append('series.jsonl', encodeInterval(interval));
    this.fold.add(this.#named(interval));
  }

  /** Writes how the run ended; nothing if it never started. */
  end(end: RunEnd): void {
    if (this.#run === undefined) return;
    this.#run = { ...this.#run, end };
    this.#folder.replaceJson('run.json', this.#run);
  }

  #named({ index, named, recorded }: NumberedInterval): AddedInterval {
    for (const { number, metric, type, contains, tags } of named)
      this.#series.set(number, { metric, type, contains, tags });
    return { index, recorded: recorded.map(([number, counts]) => [this.#series.get(number)!, counts]) };
  }
}
