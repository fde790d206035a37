import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EXIT_CODES } from '../contract/exit-codes.ts';
import { outcomeTable } from '../contract/outcome-table.ts';
import type { FailureCounts, RunEnd } from '../contract/run-record/run-file.ts';
import type { OwnDelay } from '../contract/run-record/own-delay.ts';
import { summaryExport } from '../engine/metrics/summary-export.ts';
import type { RunResult } from '../engine/run.ts';
import { compareRecords } from '../analysis/compare-records.ts';
import { describeFileError } from './file-error.ts';
import { gated } from './gate.ts';
import { oneLine } from './one-line.ts';
import { errorResult, resultObject } from './result.ts';
import type { ResultObject } from './result.ts';
import type { RunRecorder } from './record/run-recorder.ts';
import { writeReportOfRun } from './report-of-run.ts';
import type { ResultsFolder } from './results-folder.ts';
import type { SimulatorProcess } from './simulator-process.ts';
import type { Terminal } from './terminal.ts';

/** How much is said, and in which form. */
export interface ReportFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly summaryExport?: string;
  readonly gate?: true;
}

/** Says how the run ended, writes its files, and returns the exit code. */
export async function reportRun(
  ended: RunResult,
  simulator: SimulatorProcess | undefined,
  flags: ReportFlags,
  terminal: Terminal,
  { results, recorder }: { readonly results: ResultsFolder; readonly recorder: RunRecorder },
): Promise<number> {
  if (ended.verdict === 'error' && ended.iterations.started === 0) {
    results.discard();
    const reason = oneLine(ended.reason ?? 'the run could not start');
    terminal.line(`error: ${reason}`);
    if (flags.verbose && ended.stack !== undefined) process.stderr.write(`${ended.stack}\n`);
    if (flags.json) process.stdout.write(`${JSON.stringify(errorResult(ended.exitCode, reason))}\n`);
    return ended.exitCode;
  }
  const starts = await simulator?.starts();
  const result = flags.gate ? gated(ended, starts) : ended;
  const object = resultObject(result, starts === undefined ? null : { starts });
  results.writeJson('summary.json', result.summary);
  results.writeJson('result.json', object);
  recorder.end(endOf(result, object, results.failures));
  const exportFile = flags.summaryExport ?? process.env['K6_SUMMARY_EXPORT'] ?? '';
  if (exportFile !== '') exportSummary(exportFile, result.summary, terminal);
  for (const [name, content] of Object.entries(result.files)) {
    const text = typeof content === 'string' ? content : Buffer.from(content).toString('utf8');
    if (name === 'stderr') process.stderr.write(text);
    else if (name === 'stdout') {
      if (!flags.json) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    } else if (!results.writeScriptFile(name, content)) {
      terminal.line(
        `warning: handleSummary wants to write ${name}, which leads out of the results folder or is one of our own files`,
      );
    }
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(object)}\n`);
  if (!flags.quiet && result.ownDelay !== null) terminal.line(ownDelayLine(result.ownDelay));
  if (result.reason !== undefined) terminal.line(`${result.verdict}: ${result.reason}`);
  if (flags.verbose && result.stack !== undefined) process.stderr.write(`${result.stack}\n`);
  sayRecords(result, simulator !== undefined, starts, flags, terminal);
  const folder = relative(process.cwd(), results.path) || results.path;
  const { seen, kept } = results.failures;
  const some = kept < seen ? ` (${kept} of them)` : '';
  if (seen > 0) terminal.line(`${seen} failed flows → ${join(folder, 'failures.jsonl')}${some}`);
  terminal.line(
    results.problem === undefined
      ? `results → ${folder}`
      : `warning: the results could not be written whole: ${results.problem} (${folder})`,
  );
  const report = await writeReportOfRun(results, recorder, flags.gate === true);
  if (report !== undefined && (!flags.quiet || report.problem)) terminal.line(report.line);
  const lacking = results.problem !== undefined || report === undefined || report.problem;
  if (flags.gate && lacking && result.exitCode === EXIT_CODES.pass.code) {
    terminal.line('fail: --gate: what a pipeline reads of the run could not be written');
    return EXIT_CODES.thresholds_failed.code;
  }
  return result.exitCode;
}

/** How the run ended, for its record. */
function endOf(
  result: RunResult,
  { verdict, exitCode, reason, simulator }: ResultObject,
  failures: FailureCounts,
): RunEnd {
  const { durationMs, iterations, thresholds, ownDelay } = result;
  return {
    endedAt: new Date().toISOString(),
    durationMs,
    verdict,
    exitCode,
    ...(reason === undefined ? {} : { reason }),
    iterations,
    thresholds,
    ownDelay,
    simulator,
    failures,
  };
}

/** How the load generator itself did, in one line. */
function ownDelayLine({ eventLoop, startLag, cpuCores, gc }: OwnDelay): string {
  const starts = startLag === null ? '' : `, starts late p99 ${startLag.p99Ms.toFixed(1)} ms`;
  return `load generator: event loop late p99 ${eventLoop.p99Ms.toFixed(1)} ms${starts}, CPU ${cpuCores.toFixed(2)} cores, garbage collection ${(gc.share * 100).toFixed(1)} % (longest ${gc.maxMs.toFixed(0)} ms)`;
}

/** Writes k6's `--summary-export`; a file that cannot be written does not hide how the run ended. */
function exportSummary(file: string, summary: RunResult['summary'], terminal: Terminal): void {
  try {
    writeFileSync(file, `${JSON.stringify(summaryExport(summary), undefined, 4)}\n`);
  } catch (error) {
    terminal.line(`warning: --summary-export ${file} could not be written: ${describeFileError(error)}`);
  }
}

/** The line on the simulator's own record; a disagreement is loud. */
function sayRecords(
  result: RunResult,
  simulated: boolean,
  starts: number | undefined,
  flags: ReportFlags,
  terminal: Terminal,
): void {
  if (!simulated || result.summary.metrics['flows'] === undefined) return;
  if (starts === undefined) {
    terminal.line('warning: the simulator did not say what it counted, so nothing confirms the count of flows');
    return;
  }
  const { agrees, text } = compareRecords(outcomeTable(result.summary), starts);
  if (!agrees && result.verdict !== 'interrupted') {
    terminal.line(`RECORDS DISAGREE: ${text}. Do not trust the numbers of this run; please report it.`);
  } else if (!agrees || !flags.quiet) terminal.line(text);
}
