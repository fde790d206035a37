import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { CounterCounts, Tags } from '../contract/series-counts.ts';
import { describeFileError } from './file-error.ts';
import { intervalLength, wholeNumber } from './flag-values.ts';
import { failureJson } from './import/console-line.ts';
import { importedRun } from './import/imported-run.ts';
import { readK6Summary } from './import/k6-summary.ts';
import { lineChunks } from './import/line-chunks.ts';
import { readSamples } from './import/read-samples.ts';
import { unixTime } from './import/unix-time.ts';
import { indentedLine } from './one-line.ts';
import { KeptFailures } from './record/kept-failures.ts';
import { NewRecord } from './record/new-record.ts';
import { recordLines } from './record/record-lines.ts';
import { gateCode } from './record/record-verdict.ts';
import { summaryOfTotals } from './record/summary-of-totals.ts';

interface ImportFlags {
  readonly console?: string;
  readonly summary?: string;
  readonly results: string;
  readonly name?: string;
  readonly testid?: string;
  readonly instance?: string;
  readonly startedAt?: string;
  readonly interval: string;
  readonly k6Exit?: number;
  readonly gate?: true;
}

/** Flags and help of `pairstorm import`. */
export function define(command: Command): void {
  command
    .argument('<file>', "k6's --out json=FILE, also compressed (.gz); - is stdin")
    .option('--console <file>', "k6's console output: the failed flows that it tells of go into failures.jsonl")
    .option('--summary <file>', "k6's --summary-export, or the data of handleSummary as JSON: thresholds and duration")
    .option('--results <dir>', 'folder in which each record has a folder of its own', 'results')
    .option('--name <name>', 'name of the script, and of the folder after the time (default: that of the file)')
    .option('--testid <id>', 'name of the run (default: the tag testid of its samples, else that of the folder)')
    .option('--instance <name>', 'machine that made the load (default: the tag instance_id of its samples, else k6)')
    .option('--started-at <time>', 'start of the run, RFC 3339 (default: the time of the first sample)')
    .option('--interval <time>', 'length of an interval of the record: 100ms to 10m', '1s')
    .option('--k6-exit <code>', "k6's exit code: a run that k6 calls aborted or broken is so here", wholeNumber(0, 255))
    .option('--gate', 'end with the exit code of the verdict (0, 99, 120, …); without thresholds with 104')
    .addHelpText(
      'after',
      `
Makes the record of a run (run.json, series.jsonl, summary.json,
failures.jsonl) out of what k6 wrote, so that report, compare and merge serve
both. Thresholds come from the samples' file, those of sub-metrics from
--summary if k6 does not write them there, and are evaluated anew. A run whose
virtual users' timers fired late is invalid (120): the generator was too slow.
Ends with 0 when the record is written; with --gate by the verdict.

Examples:
  k6 run --out json=k6.json.gz --summary-export k6-summary.json --console-output k6.log dist/load.js
  pairstorm import k6.json.gz --summary k6-summary.json --console k6.log --name load --gate
  zcat part-*.json.gz | pairstorm import - --name load --testid release-7`,
    )
    .action(async (file: string, flags: ImportFlags) => {
      process.exitCode = await importFile(file, flags);
    });
}

async function importFile(file: string, flags: ImportFlags): Promise<number> {
  const warn = (line: string): void => say(`warning: ${line}`);
  const startedAtMs = flags.startedAt === undefined ? undefined : timeOf(flags.startedAt);
  const intervalMs = intervalLength(flags.interval);
  // The small files first: what is wrong with them is said before a gigabyte is read.
  const summary = flags.summary === undefined ? undefined : readK6Summary(flags.summary);
  const failures = new KeptFailures();
  if (flags.console !== undefined) await readConsole(flags.console, failures);
  if (file !== '-') checkReadable(file);
  const script = flags.name ?? nameFrom(file);
  let record: NewRecord | undefined;
  let tags: Tags = {};
  try {
    const samples = await readSamples(file, intervalMs, startedAtMs, {
      begin(startMs, first) {
        record = new NewRecord(flags.results, script, new Date(startMs), intervalMs);
        tags = first;
      },
      close: (index, closed) => record!.write(index, closed),
      warn,
    });
    if (samples.early > 0)
      warn(`${samples.early} samples from before the start of the run count in its first interval`);
    if (failures.unreadable > 0)
      warn(`${failures.unreadable} lines of the console are no failed flows though they say so`);
    const run = importedRun(samples, summary, failures.counts, {
      script,
      testid: flags.testid ?? tags['testid'] ?? record!.name,
      instance: flags.instance ?? tags['instance_id'] ?? 'k6',
      intervalMs,
      k6Exit: flags.k6Exit,
    });
    const { end } = run;
    record!.finish(run, summaryOfTotals(samples.totals, end!.thresholds, end!.durationMs), failures.lines);
    const flows = (samples.totals.select('flows') as CounterCounts | undefined)?.sum ?? 0;
    recordLines(run, flows, record!.folder).forEach(say);
    return gateCode(flags.gate === true, run);
  } catch (error) {
    record?.discard();
    throw error;
  }
}

async function readConsole(file: string, failures: KeptFailures): Promise<void> {
  for await (const { lines } of lineChunks(file)) {
    for (const line of lines) {
      const json = failureJson(line);
      if (json !== undefined) failures.take(json);
    }
  }
}

function timeOf(text: string): number {
  const ms = unixTime(text);
  if (Number.isNaN(ms))
    throw new ConfigurationError(`--started-at ${text} is no time; write it as 2026-01-31T12:00:00Z`);
  return ms;
}

/** Throws a ConfigurationError for what is not there, or is a folder, before anything is made. */
function checkReadable(file: string): void {
  let folder: boolean;
  try {
    folder = statSync(resolve(file)).isDirectory();
  } catch (error) {
    throw new ConfigurationError(`${file}: ${describeFileError(error)}; give the file of "k6 run --out json=FILE"`);
  }
  if (folder)
    throw new ConfigurationError(
      `${file} is a folder; give the file of "k6 run --out json=FILE" (records: pairstorm merge)`,
    );
}

/** Name of a script, by the name of the file of its samples. */
function nameFrom(file: string): string {
  const name = basename(file)
    .replace(/\.gz$/, '')
    .replace(/\.(json|jsonl|ndjson)$/, '');
  return name === '-' || name === '' ? 'k6' : name;
}

function say(line: string): void {
  process.stderr.write(`${indentedLine(line)}\n`);
}
