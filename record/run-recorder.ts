import type { Finding } from '../catalogue/findings.ts';
import type { AddedInterval, NamedSeries, NumberedInterval, SeriesName } from '../contract/series-counts.ts';
import { RecordFold } from './record-fold.ts';
import type { ResultsFolder } from './results-folder.ts';
import type { RunEnd, RunFile, SeriesCount } from './run-file.ts';
import { SeriesDamage } from './series-damage.ts';
import { checkedLine, encodeInterval, encodeSeriesHead } from './series-file.ts';

/** All series are named again after this many lines, so that a reader that lost names recovers. */
const NAMES_EVERY = 60;

/**
 * Writes a record during the run, so that a killed run leaves a usable one: run.json at the start and the end,
 * series.jsonl line by line. A full disk does not end the run: lines are buffered, and lost ones become a finding.
 * Samples are also added up here, so that what is reported after the run does not depend on the disk.
 */
export class RunRecorder {
  /** Everything recorded so far. */
  readonly fold = new RecordFold();
  readonly #folder: ResultsFolder;
  readonly #series = new Map<number, SeriesName>();
  /** Series not named in the file yet. */
  readonly #unnamed = new Map<number, NamedSeries>();
  readonly #damage = new SeriesDamage();
  /** Intervals of the latest lines, which may still be buffered. */
  #waiting: number[] = [];
  #lines = 0;
  #begun = false;
  #run: RunFile | undefined;

  readonly #heard: ((interval: NumberedInterval) => void) | undefined;

  /** `heard` gets each interval as it comes. */
  constructor(folder: ResultsFolder, heard?: (interval: NumberedInterval) => void) {
    this.#folder = folder;
    this.#heard = heard;
  }

  /** Current run.json; undefined before the start. */
  get run(): RunFile | undefined {
    return this.#run;
  }

  /** Adds to run.json what is known only later; it is written with the end. */
  note(later: Pick<RunFile, 'part'>): void {
    if (this.#run !== undefined) this.#run = { ...this.#run, ...later };
  }

  /** How many lines series.jsonl must hold. */
  get count(): SeriesCount {
    return { lines: this.#lines };
  }

  start(run: RunFile): void {
    this.#run = run;
    this.#begun = this.#folder.replaceJson('run.json', run);
    this.#folder.append('series.jsonl', checkedLine(encodeSeriesHead(run.intervalMs)));
    this.#folder.open('failures.jsonl');
  }

  /** Takes an interval; gives it back with the names of its series. */
  interval(interval: NumberedInterval): AddedInterval {
    if (!this.#begun && this.#run !== undefined) this.#begun = this.#folder.replaceJson('run.json', this.#run);
    const added = this.#named(interval);
    this.fold.add(added);
    this.#heard?.(interval);
    for (const series of interval.named) this.#unnamed.set(series.number, series);
    const again = this.#lines % NAMES_EVERY === 0;
    const named = again
      ? [...this.#series].map(([number, name]) => ({ number, ...name }))
      : [...this.#unnamed.values()];
    const line = checkedLine(encodeInterval({ ...interval, named }), ++this.#lines);
    if (this.#folder.append('series.jsonl', line)) {
      this.#unnamed.clear();
      this.#waiting.push(interval.index);
    } else this.#lost(interval.index);
    const { length } = this.#waiting;
    this.#waiting = this.#waiting.slice(length - Math.min(length, this.#folder.waiting('series.jsonl')));
    return added;
  }

  /** What of the series is lost for good, at the end of the run. */
  hole(): Finding | undefined {
    const waiting = this.#folder.waiting('series.jsonl');
    this.#folder.giveUp('series.jsonl');
    // The head may be buffered, too.
    if (waiting > 0) for (const index of this.#waiting.slice(-waiting)) this.#lost(index);
    this.#waiting = [];
    return this.#damage.findings(this.#lines)[0];
  }

  /** Writes how the run ended; nothing if it never started. */
  end(end: RunEnd): void {
    if (this.#run === undefined) return;
    this.#run = { ...this.#run, end };
    this.#begun = this.#folder.replaceJson('run.json', this.#run);
  }

  #lost(index: number): void {
    const { intervalMs } = this.#run!;
    this.#damage.hole(1, index * intervalMs, (index + 1) * intervalMs);
  }

  #named({ index, named, recorded }: NumberedInterval): AddedInterval {
    for (const { number, metric, type, contains, tags } of named)
      this.#series.set(number, { metric, type, contains, tags });
    return { index, recorded: recorded.map(([number, counts]) => [this.#series.get(number)!, counts]) };
  }
}
