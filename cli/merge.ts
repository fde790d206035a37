import type { Command } from 'commander';
import { resultsPlace } from './flag-values.ts';
import { mergeRecords } from './merge/merge-records.ts';
import type { MergeFlags } from './merge/merge-records.ts';
import { indentedLine } from './one-line.ts';

/** Flags and help of `pairstorm merge`. */
export function define(command: Command): void {
  command
    .argument('<folders...>', 'the records of all parts of one run, two or more')
    .option('--results <dir>', 'folder in which each record has a folder of its own', resultsPlace, 'results')
    .option('--name <name>', 'name of the folder, after the time (default: <script>-merged)')
    .option('--testid <id>', 'name of the run (default: that of the parts, if it is the same, else that of the folder)')
    .option('--gate', 'end with the exit code of the verdict (0, 99, 120, …); without thresholds with 104')
    .option('--allow-no-samples', '--gate: pass also where a threshold had no sample to judge')
    .option('--allow-invalid', 'keep the verdict where the load generator was at fault; a remark says so')
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
      process.exitCode = await mergeRecords(folders, flags, (line) => process.stderr.write(`${indentedLine(line)}\n`));
    });
}
