import { rulesOf } from '../judged-run.ts';
import type { JudgedFlags } from '../judged-run.ts';
import { KeptFailures } from '../../record/kept-failures.ts';
import { NewRecord } from '../../record/new-record.ts';
import { readReportModel } from '../record/read-report-model.ts';
import { recordLines } from '../record/record-lines.ts';
import { judgeRecordedFaults } from '../record/recorded-faults.ts';
import { gateCode } from '../gate.ts';
import { summaryOfTotals } from '../../record/summary-file.ts';
import { mergeSeries } from './merge-series.ts';
import { mergedRun } from './merged-run.ts';
import { takeFailures } from './part-failures.ts';
import { openParts } from './parts.ts';

export interface MergeFlags extends JudgedFlags {
  readonly results: string;
  readonly name?: string;
  readonly testid?: string;
}

/**
 * Merges the parts of a run into one record, prints how it ended, and returns the exit code. On a ConfigurationError
 * (not parts of one run) no folder is left behind.
 */
export async function mergeRecords(
  folders: readonly string[],
  flags: MergeFlags,
  log: (line: string) => void,
): Promise<number> {
  const parts = openParts(folders, flags.results);
  const { script, intervalMs } = parts[0]!.run;
  const startMs = Math.min(...parts.map(({ run }) => Date.parse(run.startedAt)));
  const failures = new KeptFailures();
  for (const [{ folder }, lines] of await takeFailures(parts, failures))
    log(`warning: ${folder}: ${lines} lines of failures.jsonl are missing`);
  if (failures.unreadable > 0)
    log(`warning: ${failures.unreadable} lines of failures.jsonl are not valid failed flows`);
  const record = new NewRecord(flags.results, flags.name ?? `${script}-merged`, new Date(startMs), intervalMs);
  try {
    const merged = await mergeSeries(parts, (index, closed) => record.write(index, closed));
    const testids = new Set(parts.map(({ run }) => run.testid));
    const testid = flags.testid ?? (testids.size === 1 ? [...testids][0]! : record.name);
    const run = mergedRun(parts, merged, failures, rulesOf(flags), testid);
    const { end } = run;
    record.finish(run, summaryOfTotals(merged.totals, end!.thresholds, end!.durationMs), failures.lines);
    const judged = await judgeRecordedFaults(record.folder, run);
    const { verdict } = await readReportModel(record.folder);
    recordLines(judged, merged.totals, record.folder, verdict).forEach(log);
    return gateCode(flags.gate === true, judged);
  } catch (error) {
    record.discard();
    throw error;
  }
}
