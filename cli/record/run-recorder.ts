import type { NumberedInterval } from '../../contract/run-record/interval.ts';
import type { RunEnd, RunFile } from '../../contract/run-record/run-file.ts';
import { encodeInterval, encodeSeriesHead } from '../../contract/run-record/series-file.ts';
import type { ResultsFolder } from '../results-folder.ts';

/**
 * Writes a record as its run goes, so that one which is killed leaves what came until then: run.json at the start and again
 * at the end, series.jsonl line by line. A disk that is full ends no run; the folder remembers why.
 */
export class RunRecorder {
  readonly #folder: ResultsFolder;
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
  }

  interval(interval: NumberedInterval): void {
    this.#folder.append('series.jsonl', encodeInterval(interval));
  }

  /** Writes how the run ended; nothing if it never started. */
  end(end: RunEnd): void {
    if (this.#run === undefined) return;
    this.#run = { ...this.#run, end };
    this.#folder.replaceJson('run.json', this.#run);
  }
}
