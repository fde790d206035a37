import type { Command } from 'commander';
import { resultsPlace } from './flag-values.ts';
import { mergeRecords } from './merge/merge-records.ts';
import type { MergeFlags } from './merge/merge-records.ts';
import { indentedLine } from './one-line.ts';

export function define(command: Command): void {
  command
    .argument('<folders...>', 'records of all parts of one run, two or more')
    .option('--results <dir>', 'folder that each record gets its own folder in', resultsPlace, 'results')
    .option('--name <name>', 'folder name after the time (default: <script>-merged)')
    .option('--testid <id>', 'name of the run (default: the one that all parts share, or the folder name)')
    .option('--gate', 'exit with the code of the verdict (0, 99, 120, …), or 104 without thresholds')
    .option('--allow-no-samples', '--gate: pass even if a threshold had no samples')
    .option('--allow-invalid', 'do not invalidate the run if the load generator was at fault; add a remark')
    .addHelpText(
      'after',
      `
Merges the records of several machines that generated one load together: counts
are exact, percentiles are those of all samples, thresholds are evaluated on the
whole. If a part was invalid, interrupted or killed, so is the whole. Parts
start together; one that started more than an interval after the first is
shifted by the difference. Exits with 0 once the record is written; with --gate,
with the code of the verdict.

Examples:
  pairstorm merge from-a/ from-b/ from-c/ --name load --gate
  pairstorm merge results/*-part-* --results merged`,
    )
    .action(async (folders: readonly string[], flags: MergeFlags) => {
      process.exitCode = await mergeRecords(folders, flags, (line) => process.stderr.write(`${indentedLine(line)}\n`));
    });
}
