import type { Command } from 'commander';
import { resultsPlace, wholeNumber } from './flag-values.ts';
import { importFile } from './import/import-file.ts';
import type { ImportFlags } from './import/import-file.ts';
import { indentedLine } from './one-line.ts';

/** Flags and help of `pairstorm import`. */
export function define(command: Command): void {
  command
    .argument('<file>', "k6's --out json=FILE, also compressed (.gz); - is stdin")
    .option('--console <file>', "k6's console output: the failed flows that it tells of go into failures.jsonl")
    .option('--summary <file>', "k6's --summary-export, or the data of handleSummary as JSON: thresholds and duration")
    .option('--results <dir>', 'folder in which each record has a folder of its own', resultsPlace, 'results')
    .option('--name <name>', 'name of the script, and of the folder after the time (default: that of the file)')
    .option('--testid <id>', 'name of the run (default: the tag testid of its samples, else that of the folder)')
    .option('--instance <name>', 'machine that made the load (default: the tag instance_id of its samples, else k6)')
    .option('--started-at <time>', 'start of the run, RFC 3339 (default: the time of the first sample)')
    .option('--interval <time>', 'length of an interval of the record: 100ms to 10m', '1s')
    .option('--k6-exit <code>', "k6's exit code: a run that k6 calls aborted or broken is so here", wholeNumber(0, 255))
    .option('--gate', 'end with the exit code of the verdict (0, 99, 120, …); without thresholds with 104')
    .option('--allow-no-samples', '--gate: pass also where a threshold had no sample to judge')
    .option('--allow-invalid', 'keep the verdict where the load generator was at fault; a remark says so')
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
      process.exitCode = await importFile(file, flags, (line) => process.stderr.write(`${indentedLine(line)}\n`));
    });
}
