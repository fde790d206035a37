import { statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { NumberedInterval, Tags } from '../../contract/series-counts.ts';
import { KeptFailures } from '../../record/kept-failures.ts';
import { lineChunks } from '../../record/line-chunks.ts';
import { NewRecord } from '../../record/new-record.ts';
import { summaryOfTotals } from '../../record/summary-file.ts';
import { describeFileError } from '../../record/text-file.ts';
import { intervalLength } from '../flag-values.ts';
import { gateCode } from '../gate.ts';
import { rulesOf } from '../judged-run.ts';
import type { JudgedFlags } from '../judged-run.ts';
import { readReportModel } from '../record/read-report-model.ts';
import { judgeRecordedFaults } from '../record/recorded-faults.ts';
import { recordLines } from '../record/record-lines.ts';
import { givenFlag, refuseStranger, resilienceRules } from '../resilience-flags.ts';
import type { ResilienceFlags } from '../resilience-flags.ts';
import { resilienceLines } from '../verdict-lines.ts';
import { failureJson } from './console-line.ts';
import { importedRun } from './imported-run.ts';
import { unixTime } from './k6-line.ts';
import { readK6Summary } from './k6-summary.ts';
import { readSamples } from './read-samples.ts';
import type { ReadSamples } from './read-samples.ts';

export interface ImportFlags extends JudgedFlags, ResilienceFlags {
  readonly console?: string;
  readonly summary?: string;
  readonly results: string;
  readonly name?: string;
  readonly testid?: string;
  readonly instance?: string;
  readonly startedAt?: string;
  readonly interval: string;
  readonly k6Exit?: number;
}

/**
 * Makes a record from a file of samples, prints how the run ended, and returns the exit code. `beside` gives what others
 * recorded since that start. On a ConfigurationError no folder is left behind.
 */
export async function importFile(
  file: string,
  flags: ImportFlags,
  log: (line: string) => void,
  beside: (startedAt: Date) => readonly NumberedInterval[] = () => [],
): Promise<number> {
  const warn = (line: string): void => log(`warning: ${line}`);
  const startedAtMs = flags.startedAt === undefined ? undefined : timeOf(flags.startedAt);
  const intervalMs = intervalLength(flags.interval);
  // The small files first: their errors should not come after reading a gigabyte.
  const summary = flags.summary === undefined ? undefined : readK6Summary(flags.summary);
  const failures = new KeptFailures();
  if (file === '-' && flags.console === '-')
    throw new ConfigurationError('--console - cannot be combined with samples from stdin; give a file');
  if (flags.console !== undefined) await readConsole(flags.console, failures);
  if (file !== '-') checkReadable(file);
  const script = flags.name ?? nameFrom(file);
  const resilience = resilienceRules(flags);
  const aboutFaults = givenFlag(flags);
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
      warn(`${samples.early} samples from before the start of the run are counted in its first interval`);
    if (failures.unreadable > 0) warn(`${failures.unreadable} console lines marked as failed flows are not valid`);
    const run = importedRun(samples, summary, failures, rulesOf(flags), {
      script,
      testid: flags.testid ?? tags['testid'] ?? record!.name,
      instance: flags.instance ?? tags['instance_id'] ?? 'k6',
      intervalMs,
      ...{ k6Exit: flags.k6Exit, resilience },
    });
    if (aboutFaults !== undefined && run.resilience === undefined)
      throw new ConfigurationError(`${aboutFaults}: these samples have no faults (fault_edge_ms); leave it out`);
    refuseStranger(resilience, faultsIn(samples));
    const { end } = run;
    for (const interval of beside(new Date(run.startedAt))) record!.add(interval);
    record!.finish(run, summaryOfTotals(samples.totals, end!.thresholds, end!.durationMs), failures.lines);
    const judged = await judgeRecordedFaults(record!.folder, run);
    const { verdict, resilience: faults } = await readReportModel(record!.folder);
    resilienceLines(faults).forEach(log);
    recordLines(judged, samples.totals, record!.folder, verdict).forEach(log);
    return gateCode(flags.gate === true, judged);
  } catch (error) {
    record?.discard();
    throw error;
  }
}

async function readConsole(file: string, failures: KeptFailures): Promise<void> {
  for await (const { lines } of lineChunks(file, 'cut')) {
    for (const line of lines) {
      const json = failureJson(line);
      if (json !== undefined) failures.take(json);
    }
  }
}

function timeOf(text: string): number {
  const ms = unixTime(text);
  if (Number.isNaN(ms))
    throw new ConfigurationError(`--started-at ${text} is not a time; write it as 2026-01-31T12:00:00Z`);
  return ms;
}

/** Checks that the file exists and is not a folder, before anything is written. */
function checkReadable(file: string): void {
  let stats: Stats;
  try {
    stats = statSync(resolve(file));
  } catch (error) {
    throw new ConfigurationError(`${file}: ${describeFileError(error)}; give the file of "k6 run --out json=FILE"`);
  }
  if (stats.isDirectory())
    throw new ConfigurationError(
      `${file} is a folder; give the file of "k6 run --out json=FILE" (records: pairstorm merge)`,
    );
}

/** Script name, derived from the file name. */
function nameFrom(file: string): string {
  const name = basename(file)
    .replace(/\.gz$/, '')
    .replace(/\.(json|jsonl|ndjson)$/, '');
  return name === '-' || name === '' ? 'k6' : name;
}

/** Faults of which a beginning or an end was confirmed. */
function faultsIn({ totals }: ReadSamples): readonly string[] {
  const edges = totals.breakdown('fault_edge_ms', ['fault']);
  return [...new Set(edges.map(({ tags }) => tags['fault'] ?? ''))].sort();
}
