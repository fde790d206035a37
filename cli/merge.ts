import type { Command } from 'commander';
import type { CounterCounts } from '../contract/series-counts.ts';
import { mergeSeries } from './merge/merge-series.ts';
import { mergedRun } from './merge/merged-run.ts';
import { takeFailures } from './merge/part-failures.ts';
import { openParts } from './merge/parts.ts';
import { indentedLine } from './one-line.ts';
import { KeptFailures } from './record/kept-failures.ts';
import { NewRecord } from './record/new-record.ts';
import { recordLines } from './record/record-lines.ts';
import { gateCode } from './record/record-verdict.ts';
import { summaryOfTotals } from './record/summary-of-totals.ts';

interface MergeFlags {
  readonly results: string;
  readonly name?: string;
  readonly testid?: string;
  readonly gate?: true;
}

/** Flags and help of `pairstorm merge`. */
export function define(command: Command): void {
  command
    .argument('<folders...>', 'the records of all parts of one run, two or more')
    .option('--results <dir>', 'folder in which each record has a folder of its own', 'results')
    .option('--name <name>', 'name of the folder, after the time (default: <script>-merged)')
    .option('--testid <id>', 'name of the run (default: that of the parts, if it is the same, else that of the folder)')
    .option('--gate', 'end with the exit code of the verdict (0, 99, 120, …); without thresholds with 104')
    .addHelpText(
      'after',
      `
Makes one record out of those of several machines that made one load together:
counts are exact, percentiles are those of all samples, thresholds are
evaluated on the whole. A part that was invalid, interrupted or killed makes
the whole so. Parts begin together; one that began later than the first by more
than an interval is moved by the difference. Ends with 0 when the record is
written; with --gate by the verdict.

Examples:
  pairstorm merge from-a/ from-b/ from-c/ --name load --gate
  pairstorm merge results/*-part-* --results merged`,
    )
    .action(async (folders: readonly string[], flags: MergeFlags) => {
      process.exitCode = await merge(folders, flags);
    });
}

async function merge(folders: readonly string[], flags: MergeFlags): Promise<number> {
  const parts = openParts(folders, flags.results);
  const { script, intervalMs } = parts[0]!.run;
  const startMs = Math.min(...parts.map(({ run }) => Date.parse(run.startedAt)));
  const failures = new KeptFailures();
  await takeFailures(parts, failures);
  const record = new NewRecord(flags.results, flags.name ?? `${script}-merged`, new Date(startMs), intervalMs);
  try {
    const merged = await mergeSeries(parts, (index, closed) => record.write(index, closed));
    const testids = new Set(parts.map(({ run }) => run.testid));
    const testid = flags.testid ?? (testids.size === 1 ? [...testids][0]! : record.name);
    const run = mergedRun(parts, merged, failures.counts, testid);
    const { end } = run;
    record.finish(run, summaryOfTotals(merged.totals, end!.thresholds, end!.durationMs), failures.lines);
    const flows = (merged.totals.select('flows') as CounterCounts | undefined)?.sum ?? 0;
    for (const line of recordLines(run, flows, record.folder)) process.stderr.write(`${indentedLine(line)}\n`);
    return gateCode(flags.gate === true, run);
  } catch (error) {
    record.discard();
    throw error;
  }
}
