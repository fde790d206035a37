import type { Command } from 'commander';
import { resultsPlace, wholeNumber } from './flag-values.ts';
import { importFile } from './import/import-file.ts';
import type { ImportFlags } from './import/import-file.ts';
import { indentedLine } from './one-line.ts';
import { RESILIENCE_HELP, addResilienceFlags } from './resilience-flags.ts';

export function define(command: Command): void {
  command
    .argument('<file>', "file of k6's --out json=FILE, may be compressed (.gz); - is stdin")
    .option('--console <file>', "k6's console output; failed flows logged there go into failures.jsonl")
    .option('--summary <file>', "k6's --summary-export, or the data of handleSummary as JSON: thresholds and duration")
    .option('--results <dir>', 'folder that each record gets its own folder in', resultsPlace, 'results')
    .option('--name <name>', 'name of the script, used in the folder name after the time (default: name of the file)')
    .option('--testid <id>', 'name of the run (default: the testid tag of its samples, or the folder name)')
    .option('--instance <name>', 'machine that generated the load (default: the instance_id tag of its samples, or k6)')
    .option('--started-at <time>', 'start of the run, RFC 3339 (default: the time of the first sample)')
    .option('--interval <time>', 'length of a recording interval: 100ms to 10m', '1s')
    .option('--k6-exit <code>', "k6's exit code, so that a run k6 aborted counts as aborted here", wholeNumber(0, 255))
    .option('--gate', 'exit with the code of the verdict (0, 99, 120, …), or 104 without thresholds')
    .option('--allow-no-samples', '--gate: pass even if a threshold had no samples')
    .option('--allow-invalid', 'do not invalidate the run if the load generator was at fault; add a remark');
  addResilienceFlags(command, RESILIENCE_HELP);
  command
    .addHelpText(
      'after',
      `
Makes a run record (run.json, series.jsonl, summary.json, failures.jsonl) from
k6's output, so that report, compare and merge work for both. Thresholds come
from the samples file, those of sub-metrics from --summary if k6 does not write
them there; all are evaluated again. A run whose VU timers fired late is invalid
(120): the load generator was too slow. Exits with 0 once the record is written;
with --gate, with the code of the verdict.

Examples:
  k6 run --out json=k6.json.gz --summary-export k6-summary.json --console-output k6.log dist/load.js
  pairstorm import k6.json.gz --summary k6-summary.json --console k6.log --name load --gate
  zcat part-*.json.gz | pairstorm import - --name load --testid release-7`,
    )
    .action(async (file: string, flags: ImportFlags) => {
      process.exitCode = await importFile(file, flags, (line) => process.stderr.write(`${indentedLine(line)}\n`));
    });
}
