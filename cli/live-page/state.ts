import type { AddedInterval, NumberedInterval, SeriesName } from '../../contract/series-counts.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import type { Cause } from '../../record/causes.ts';
import { readFailedFlows } from '../../record/failures-file.ts';
import { RecordFold } from '../../record/record-fold.ts';
import type { RunFile } from '../../record/run-file.ts';
import { sectionMarkup, sectionsOf } from '../../report/html/page.ts';
import { firstChart } from '../../report/html/section/first-chart.ts';
import { markup } from '../../report/html/markup.ts';
import { buildReportModel } from '../../report/model/build-report-model.ts';
import type { DriftView } from '../../report/model/drift-view.ts';
import type { ReportModel } from '../../report/model/report-model.ts';
import type { ResilienceView } from '../../report/model/resilience-view.ts';
import { driftOfRun } from '../drift-of-run.ts';
import type { LiveNumbers } from '../live/live-numbers.ts';
import { resilienceOfRun } from '../resilience-of-run.ts';
import { headBefore, headOf, timeOf } from './head.ts';
import { numbersSection } from './numbers.ts';
import type { Frame } from './server.ts';
import { relative } from 'node:path';

/** What is read from the record's files is read again this much later than it took, and at the soonest after that. */
const FILES_SHARE = 20;
const FILES_EVERY_MS = 5_000;
/** Failed flows that are shown step by step; the report has all that are kept. */
const MOST_FAILED = 50;

/** Parts that have their place already; the others are below each other. */
const IN_HEADER: readonly string[] = ['time', 'head'];

/** The run so far, as the thread of the live page knows it. */
export class LiveState {
  readonly #fold = new RecordFold();
  readonly #names = new Map<number, SeriesName>();
  #run: RunFile | undefined;
  #folder = '';
  #numbers: LiveNumbers | undefined;
  #causes: readonly Cause[] = [];
  #failed = 0;
  #failures: readonly FailureRecord[] = [];
  #drift: DriftView | null = null;
  #resilience: ResilienceView | null = null;
  #nextFilesAt = 0;

  begin(run: RunFile, folder: string): void {
    this.#run = run;
    this.#folder = folder;
  }

  get path(): string {
    return this.#folder;
  }

  /** The folder of the run, as somebody would type it. */
  get folder(): string {
    return relative(process.cwd(), this.#folder) || this.#folder;
  }

  interval({ index, named, recorded }: NumberedInterval): void {
    for (const { number, ...name } of named) if (!this.#names.has(number)) this.#names.set(number, name);
    const added: AddedInterval['recorded'][number][] = [];
    for (const [number, counts] of recorded) {
      const name = this.#names.get(number);
      if (name !== undefined) added.push([name, counts]);
    }
    this.#fold.add({ index, recorded: added });
  }

  progress(numbers: LiveNumbers, causes: readonly Cause[], failed: number): void {
    this.#numbers = numbers;
    this.#causes = causes;
    this.#failed = failed;
  }

  /** Reads what only the files of the record tell, if it is time: failed flows, the drift, the faults. Never rejects. */
  async read(): Promise<void> {
    const began = performance.now();
    const run = this.#run;
    if (run === undefined || began < this.#nextFilesAt) return;
    this.#nextFilesAt = Infinity;
    const { elapsedMs = 0 } = this.#numbers ?? {};
    if (this.#failed > this.#failures.length && this.#failures.length < MOST_FAILED)
      this.#failures = (await readFailedFlows(this.#folder).catch(() => ({ flows: [] }))).flows.slice(0, MOST_FAILED);
    const drift = await driftOfRun(this.#folder, run, elapsedMs);
    if (typeof drift === 'object') this.#drift = drift.view;
    const resilience = await resilienceOfRun(this.#folder, run);
    if (typeof resilience === 'object') this.#resilience = resilience;
    const took = performance.now() - began;
    this.#nextFilesAt = performance.now() + Math.max(FILES_EVERY_MS, FILES_SHARE * took);
  }

  /** The parts of the page. `whole`: also those that are expensive to make. */
  frame(last: Frame | undefined, whole: boolean): Frame {
    if (this.#run === undefined) return { order: [], parts: new Map([['head', headBefore().text]]) };
    const numbers = this.#numbers;
    const quick = new Map([
      ['time', numbers === undefined ? '' : timeOf(numbers).text],
      ['now', numbers === undefined ? '' : numbersSection(numbers).text],
    ]);
    if (!whole && last?.parts.has('chart') === true)
      return { order: last.order, parts: new Map([...last.parts, ...quick]) };
    const model = this.#model(this.#run);
    const head = headOf({
      ...{ model, numbers, causes: this.#causes, totals: this.#fold.totals, folder: this.folder },
    }).text;
    const sections = sectionsOf(model).filter(({ content }) => content !== null);
    const parts = new Map([
      ['head', head],
      ...quick,
      ['chart', markup`<div class="charts">${firstChart(model)}</div>`.text],
      ...sections.map((section) => [`s-${section.id}`, sectionMarkup(section).text] as const),
    ]);
    return { order: [...parts.keys()].filter((name) => !IN_HEADER.includes(name)), parts };
  }

  #model(run: RunFile): ReportModel {
    const model = buildReportModel(run, this.#fold, this.#failures, this.folder, [], this.#drift, this.#resilience);
    // Its end is now: nothing was killed.
    return { ...model, run: { ...model.run, endedAt: new Date().toISOString() } };
  }
}
