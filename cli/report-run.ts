import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FailureRecord } from '../contract/failure-line.ts';
import type { OwnDelay } from '../contract/run-findings.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { colouredLines, visibleJson, visibleLines } from '../contract/shown-text.ts';
import { summaryExport } from '../engine/metrics/summary-export.ts';
import type { RunResult } from '../engine/result.ts';
import type { Settings } from '../lib/settings.ts';
import { readFailedFlows } from '../record/failures-file.ts';
import { compareRecords, outcomeTableOf } from '../record/reconciliation.ts';
import { sumOf } from '../record/record-totals.ts';
import type { ResultsFolder } from '../record/results-folder.ts';
import type { RunEnd, RunFile } from '../record/run-file.ts';
import type { RunRecorder } from '../record/run-recorder.ts';
import { buildReportModel } from '../report/model/build-report-model.ts';
import { sideWords } from '../report/model/error-rows.ts';
import type { ReportModel } from '../report/model/report-model.ts';
import type { DriftFound } from './drift-of-run.ts';
import { endOfRun, rulesOf } from './judged-run.ts';
import type { EndedRun, JudgedFlags } from './judged-run.ts';
import { summaryExportOf } from './named-outputs.ts';
import { oneLine } from './one-line.ts';
import { writeReportOfRun } from './report-of-run.ts';
import type { ResilienceFound } from './resilience-of-run.ts';
import { errorResult, resultObject } from './result.ts';
import type { ResultObject } from './result.ts';
import type { SimulatorProcess } from './simulator-process.ts';
import { noteUnwritten, print } from './stdout.ts';
import { summaryOfRecord } from './summary-of-record.ts';
import type { Terminal } from './terminal.ts';
import { answerLines, resilienceLines, verdictLines } from './verdict-lines.ts';

/** Flags that control the output. */
export interface ReportFlags extends JudgedFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly summaryExport?: string;
}

interface Reported {
  readonly results: ResultsFolder;
  readonly recorder: RunRecorder;
  readonly simulator: SimulatorProcess | undefined;
  /** Set for our scenarios, whose summary is made from the record, not by handleSummary. */
  readonly settings: Settings | undefined;
}

/** Prints how the run ended, writes its files, and returns the exit code. */
export async function reportRun(
  ended: RunResult,
  flags: ReportFlags,
  terminal: Terminal,
  reported: Reported,
): Promise<number> {
  const { results, recorder, simulator } = reported;
  if (recorder.run === undefined || (ended.verdict === 'error' && ended.iterations.started === 0))
    return sayNotStarted(ended, flags, terminal, results);
  const starts = await simulator?.starts();
  const facts = { result: ended, rules: rulesOf(flags), starts, simulated: simulator !== undefined };
  results.replaceJson('summary.json', ended.summary);
  // Retries writes that a full disk has held up.
  await results.settle();
  const hole = recorder.hole();
  const found = await driftFound(results.path, recorder.run, ended.durationMs);
  const drift = typeof found === 'string' ? undefined : found;
  const resilience = await resilienceFound(results.path, recorder.run);
  const record = { hole, series: recorder.count, drift: found, resilience };
  const failures = await keptFailures(results);
  const write = (unwritten: string | undefined): Promise<WrittenEnd> =>
    writeEnd(recorder.run!, { ...facts, ...record, unwritten }, failures, reported);
  let written = await write(undefined);
  if (written.unwritten !== undefined && (await results.settle())) written = await write(undefined);
  // Files that could not be written fail a gate; then all the others are rewritten to say so.
  if (written.unwritten !== undefined) written = await write(written.unwritten);
  const { end, model, report } = written;
  sayScriptFiles(ended, flags, terminal, reported);
  const { settings } = reported;
  // No files with `--summary-mode disabled`.
  if (settings !== undefined && !flags.json && Object.keys(ended.files).length > 0)
    print(visibleLines(summaryOfRecord(settings, recorder.fold.totals, end, model)));
  if (flags.json) print(`${visibleJson(JSON.stringify(objectOf(end, recorder)))}\n`);
  if (!flags.quiet && end.ownDelay !== null) terminal.line(ownDelayLine(end.ownDelay));
  if (!flags.quiet) connectionLines(recorder.fold.totals).forEach(terminal.line);
  sayRecords(end, recorder, simulator !== undefined, flags, terminal);
  const folder = relative(process.cwd(), results.path) || results.path;
  const { seen, kept } = end.failures;
  const some = kept < seen ? ` (${kept} kept)` : '';
  if (seen > 0)
    terminal.line(`${seen} failed ${seen === 1 ? 'flow' : 'flows'} → ${join(folder, 'failures.jsonl')}${some}`);
  terminal.line(
    results.problem === undefined
      ? `results → ${folder}`
      : `warning: some results could not be written: ${results.problem} (${folder})`,
  );
  if (!flags.quiet || report.problem !== undefined) terminal.line(report.line);
  const sides = sideWords(model.errors);
  if (sides !== '') terminal.line(`failed requests: ${sides}`);
  if (drift !== undefined && !flags.quiet)
    drift.view.sentences.forEach((line, at) => terminal.line(`${at === 0 ? 'drift: ' : '  '}${oneLine(line)}`));
  if (!flags.quiet) resilienceLines(model.resilience).forEach(terminal.line);
  if (!flags.quiet) answerLines(model).forEach(terminal.line);
  // The verdict comes last, where it is seen first.
  if (end.reason !== undefined) terminal.line(`${end.verdict}: ${oneLine(end.reason)}`);
  else if (!flags.quiet) terminal.line(`${end.verdict}: ${inTheMiddle(model.verdict.sentence)}`);
  if (flags.verbose && ended.stack !== undefined) process.stderr.write(`${visibleLines(ended.stack)}\n`);
  verdictLines(model.verdict).forEach(terminal.line);
  return end.exitCode;
}

/** Loads the drift code only if it is needed. */
async function driftFound(folder: string, run: RunFile, durationMs: number): Promise<DriftFound> {
  return run.drift === undefined ? undefined : (await import('./drift-of-run.ts')).driftOfRun(folder, run, durationMs);
}

async function resilienceFound(folder: string, run: RunFile): Promise<ResilienceFound> {
  return run.resilience === undefined
    ? undefined
    : (await import('./resilience-of-run.ts')).resilienceOfRun(folder, run);
}

/** Adapts a sentence to follow a colon: `all 18 thresholds held`. */
function inTheMiddle(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

/** A run without any load prints one line and leaves no folder. */
function sayNotStarted(
  { verdict, exitCode, reason, stack, findings }: RunResult,
  flags: ReportFlags,
  terminal: Terminal,
  results: ResultsFolder,
): number {
  results.discard();
  const line = oneLine(reason ?? 'the run could not start');
  terminal.line(`${verdict}: ${line}`);
  if (flags.verbose && stack !== undefined) process.stderr.write(`${visibleLines(stack)}\n`);
  if (flags.json) print(`${visibleJson(JSON.stringify(errorResult(exitCode, line, findings)))}\n`);
  return exitCode;
}

/** An unreadable file of failed flows must not prevent the rest of the report. */
async function keptFailures(results: ResultsFolder): Promise<readonly FailureRecord[]> {
  try {
    return (await readFailedFlows(results.path)).flows;
  } catch {
    return [];
  }
}

interface WrittenEnd {
  readonly end: RunEnd;
  readonly model: ReportModel;
  readonly report: Awaited<ReturnType<typeof writeReportOfRun>>;
  /** Why something could not be written; undefined: everything was. */
  readonly unwritten: string | undefined;
}

/** Judges a run and writes its result: run.json, result.json, reports. */
async function writeEnd(
  run: RunFile,
  facts: EndedRun,
  failures: readonly FailureRecord[],
  { results, recorder }: Reported,
): Promise<WrittenEnd> {
  const end = endOfRun(run, recorder.fold, results, facts);
  recorder.end(end);
  const drift = typeof facts.drift === 'object' ? facts.drift : undefined;
  if (drift !== undefined) results.replaceJson('drift.json', drift.verdict);
  const resilience = typeof facts.resilience === 'object' ? facts.resilience : null;
  if (resilience !== null) results.replaceJson('resilience.json', resilience.verdict);
  results.replaceJson('result.json', objectOf(end, recorder));
  const model = buildReportModel(
    { ...run, end },
    recorder.fold,
    failures,
    relative(process.cwd(), results.path) || '.',
    [],
    drift === undefined ? null : drift.view,
    resilience,
  );
  const report = await writeReportOfRun(results, model, facts.rules.gate);
  return { end, model, report, unwritten: results.problem ?? report.problem };
}

function objectOf(end: RunEnd, { fold }: RunRecorder): ResultObject {
  return resultObject(end, outcomeTableOf(fold.totals));
}

/** Writes what handleSummary returned, and `--summary-export`. A failed write must not hide how the run ended. */
function sayScriptFiles(
  { files, summary }: RunResult,
  flags: ReportFlags,
  terminal: Terminal,
  { results, settings }: Reported,
): void {
  const exportFile = summaryExportOf(flags)?.file ?? '';
  if (exportFile !== '') exportSummary(exportFile, summary);
  for (const [name, content] of Object.entries(files)) {
    const text = colouredLines(typeof content === 'string' ? content : Buffer.from(content).toString('utf8'));
    if (name === 'stderr') process.stderr.write(text);
    else if (name === 'stdout') {
      if (!flags.json && settings === undefined) print(text.endsWith('\n') ? text : `${text}\n`);
    } else if (!results.writeScriptFile(name, content)) {
      terminal.line(
        `warning: handleSummary may not write ${name}: it is outside the results folder, or is a file of the run record`,
      );
    }
  }
}

/** Generator health in one line. */
function ownDelayLine({ eventLoop, startLag, cpuCores, gc }: OwnDelay): string {
  const starts = startLag === null ? '' : `, start lag p99 ${startLag.p99Ms.toFixed(1)} ms`;
  return `load generator: event-loop delay p99 ${eventLoop.p99Ms.toFixed(1)} ms${starts}, CPU ${cpuCores.toFixed(2)} cores, GC ${(gc.share * 100).toFixed(1)} % (max ${gc.maxMs.toFixed(0)} ms)`;
}

/** Most addresses listed per host. */
const MOST_ADDRESSES = 12;

/** Connections per host and address, and how many reused connections had to be replaced. */
function connectionLines(totals: SeriesTotals): string[] {
  const hosts = new Map<string, string[]>();
  for (const { tags, total } of totals.breakdown('connections_opened', ['host', 'address'])) {
    const { host = '', address = '' } = tags;
    hosts.set(host, [...(hosts.get(host) ?? []), `${address} (${sumOf(total)})`]);
  }
  const replaced = sumOf(totals.select('connections_replaced'));
  return [
    ...[...hosts].map(([host, all]) => {
      const more = all.length > MOST_ADDRESSES ? ` and ${all.length - MOST_ADDRESSES} more addresses` : '';
      return `connections to ${host}: ${all.sort().slice(0, MOST_ADDRESSES).join(', ')}${more}`;
    }),
    ...(replaced === 0
      ? []
      : [`connections replaced: ${replaced} reused ones had been closed, and their requests were sent again`]),
  ];
}

function exportSummary(file: string, summary: RunResult['summary']): void {
  try {
    writeFileSync(file, `${JSON.stringify(summaryExport(summary), undefined, 4)}\n`);
  } catch (error) {
    noteUnwritten(`--summary-export ${file}`, error);
  }
}

/** Compares the record with the simulator's counts; a disagreement is printed prominently. */
function sayRecords(
  { simulator, verdict }: RunEnd,
  { fold }: RunRecorder,
  simulated: boolean,
  flags: ReportFlags,
  terminal: Terminal,
): void {
  const table = outcomeTableOf(fold.totals);
  if (!simulated || table.flows === 0) return;
  if (simulator === null) {
    terminal.line("warning: the simulator's counts are not available, so nothing confirms the flow count");
    return;
  }
  const { agrees, text } = compareRecords(table, simulator.starts);
  if (!agrees && verdict !== 'interrupted') {
    terminal.line(`RECORDS DISAGREE: ${text}. Do not trust the numbers of this run; please report this.`);
  } else if (!agrees || !flags.quiet) terminal.line(text);
}
