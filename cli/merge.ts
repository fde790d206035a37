import type { Command } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { durationFlag, resultsPlace, wholeNumber } from './flag-values.ts';
import { gatherParts } from './merge/gather-parts.ts';
import { mergeRecords } from './merge/merge-records.ts';
import type { MergeFlags } from './merge/merge-records.ts';
import { indentedLine } from './one-line.ts';
import { MOST_PARTS } from './part/part-flags.ts';

interface GatherFlags {
  readonly pull?: string;
  /** Milliseconds. */
  readonly wait?: number;
}

/** How long parts in a store are waited for. */
const WAIT_MS = 600_000;

export function define(command: Command): void {
  command
    .argument('[folders...]', 'records of all parts of one run, two or more')
    .option('--parts <n>', 'number of parts; fewer or others are refused', wholeNumber(1, MOST_PARTS))
    .option('--pull <place>', 'take the records that run --push put there (needs --parts and --testid)')
    .option('--wait <duration>', '--pull: how long to wait for all parts (default: 10m)', durationFlag('--wait'))
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
with the code of the verdict. Of parts played with --part, one that is missing,
is there twice or is of another test is refused or makes the whole invalid.

Examples:
  pairstorm merge from-a/ from-b/ from-c/ --name load --gate
  pairstorm merge results/*-part-* --results merged
  pairstorm merge --parts 8 --pull s3://bucket/load --testid release-7 --gate`,
    )
    .action(async (folders: readonly string[], flags: MergeFlags & GatherFlags) => {
      const say = (line: string): void => void process.stderr.write(`${indentedLine(line)}\n`);
      process.exitCode = await mergeRecords(await partsOf(folders, flags, say), flags, say);
    });
}

/** The folders that are given, or those of a store. Throws a ConfigurationError. */
async function partsOf(
  folders: readonly string[],
  { pull, wait, parts, testid }: MergeFlags & GatherFlags,
  say: (line: string) => void,
): Promise<readonly string[]> {
  if (pull === undefined) {
    if (wait !== undefined) throw new ConfigurationError('--wait has no effect without --pull; leave it out');
    if (folders.length > 0) return folders;
    throw new ConfigurationError('no runs given; write: pairstorm merge results/<run> results/<run> …');
  }
  if (folders.length > 0) throw new ConfigurationError('--pull cannot be combined with folders; leave one of them out');
  if (parts === undefined || testid === undefined)
    throw new ConfigurationError('--pull needs --parts N and --testid ID: how many records of which run');
  return gatherParts({ place: pull, testid, parts, waitMs: wait ?? WAIT_MS, say });
}
