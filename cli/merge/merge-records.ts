import { rulesOf } from '../judged-run.ts';
import type { JudgedFlags } from '../judged-run.ts';
import { KeptFailures } from '../../record/kept-failures.ts';
import { NewRecord } from '../../record/new-record.ts';
import { readReportModel } from '../record/read-report-model.ts';
import { recordLines } from '../record/record-lines.ts';
import { judgeRecordedFaults } from '../record/recorded-faults.ts';
import { gateCode } from '../gate.ts';
import { oneLine } from '../one-line.ts';
import { summaryOfTotals } from '../../record/summary-file.ts';
import { resilienceLines } from '../verdict-lines.ts';
import { mergeSeries } from './merge-series.ts';
import { driftOfWhole } from './merged-drift.ts';
import { mergedRun } from './merged-run.ts';
import { takeFailures } from './part-failures.ts';
import { openParts } from './parts.ts';

export interface MergeFlags extends JudgedFlags {
  readonly results: string;
  readonly name?: string;
  readonly testid?: string;
  /** How many records there must be. */
  readonly parts?: number;
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
  const parts = openParts(folders, flags.results, flags.parts);
  const { script, intervalMs } = parts[0]!.run;
  const startMs = Math.min(...parts.map(({ run }) => Date.parse(run.startedAt)));
  const failures = new KeptFailures();
  for (const [{ folder }, lines] of await takeFailures(parts, failures))
    log(`warning: ${folder}: ${lines} lines of failures.jsonl are missing`);
  if (failures.unreadable > 0)
    log(`warning: ${failures.unreadable} lines of failures.jsonl are not valid failed flows`);
  const record = new NewRecord(flags.results, flags.name ?? `${script}-merged`, new Date(startMs), intervalMs);
  try {
    const drift = driftOfWhole(parts);
    const merged = await mergeSeries(parts, (index, closed) => {
      record.write(index, closed);
      drift?.add({ index, recorded: [...closed] });
    });
    const drifts = drift?.found();
    const testids = new Set(parts.map(({ run }) => run.testid));
    const testid = flags.testid ?? (testids.size === 1 ? [...testids][0]! : record.name);
    const judged = drift && { rules: drift.rules, found: drifts };
    const run = mergedRun(parts, merged, failures, rulesOf(flags), testid, judged);
    const { end } = run;
    const summary = summaryOfTotals(merged.totals, end!.thresholds, end!.durationMs);
    const found = typeof drifts === 'object' ? drifts : undefined;
    record.finish(run, summary, failures.lines, found && { 'drift.json': found.verdict });
    const withFaults = await judgeRecordedFaults(record.folder, run);
    found?.view.sentences.forEach((line, at) => log(`${at === 0 ? 'drift: ' : '  '}${oneLine(line)}`));
    const { verdict, resilience } = await readReportModel(record.folder);
    resilienceLines(resilience).forEach(log);
    recordLines(withFaults, merged.totals, record.folder, verdict).forEach(log);
    return gateCode(flags.gate === true, withFaults);
  } catch (error) {
    record.discard();
    throw error;
  }
}
