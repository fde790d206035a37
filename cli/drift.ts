import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { againstBase } from '../analysis/drift/base-night.ts';
import { DriftCollector } from '../analysis/drift/collect.ts';
import type { Drift } from '../analysis/drift/drift.ts';
import { judgeDrift } from '../analysis/drift/judge-drift.ts';
import { DEFAULT_DRIFT_SETTINGS } from '../analysis/drift/series.ts';
import type { DriftInput, DriftSettings } from '../analysis/drift/series.ts';
import { driftSentences, seriesSentence } from '../analysis/drift/words.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { findingWords } from '../catalogue/finding-words.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { visibleJson } from '../contract/shown-text.ts';
import { openRecord } from '../record/read-record.ts';
import { describeFileError, replaceFile } from '../record/text-file.ts';
import { durationFlag, percentageFlag } from './flag-values.ts';
import { indentedLine } from './one-line.ts';
import { print } from './stdout.ts';

interface DriftFlags {
  readonly base?: string;
  readonly driftLimit: number;
  readonly horizon: number;
  readonly skip?: number;
  readonly all?: true;
  readonly json?: true;
}

const HOUR_MS = 3_600_000;

/** Flags and help of `pairstorm drift`. */
export function define(command: Command): void {
  const { limit, horizonHours } = DEFAULT_DRIFT_SETTINGS;
  command
    .argument('<folder>', 'record of a run of hours')
    .option('--base <dir>', 'another night: looks at the difference by the hour of the day')
    .option('--drift-limit <percent>', 'change over the horizon that matters (default: 10)', changeLimit, limit)
    .option(
      '--horizon <time>',
      'over which the limit holds (default: 24h)',
      durationFlag('--horizon'),
      horizonHours * HOUR_MS,
    )
    .option('--skip <time>', 'leave out the start (default: 10m, or 5 % of a longer run)', durationFlag('--skip'))
    .option('--all', 'a line for every series')
    .option('--json', 'drift.json on stdout instead of sentences')
    .addHelpText(
      'after',
      `
Says whether anything drifts: the latencies of each step, error shares, outcomes,
requests per flow, flows that pile up. Each series is tested with its own
autocorrelation, all of them together at 5 %; beside every "steady" stands the
smallest drift that this run would have found. Where the load generator itself
drifted, nothing is known of latencies. docs/methods-drift.md has the method.

Writes drift.json into the folder. Ends with 0 if nothing drifts or it is not
known, 99 if something drifts the bad way by more than the limit.

Examples:
  pairstorm drift results/2026-01-31T22-00-00Z-soak
  pairstorm drift results/tonight --base results/last-night --drift-limit 5`,
    )
    .action(async (folder: string, flags: DriftFlags) => {
      process.exitCode = await drift(folder, flags);
    });
}

async function drift(folder: string, flags: DriftFlags): Promise<number> {
  const settings: DriftSettings = {
    ...DEFAULT_DRIFT_SETTINGS,
    limit: flags.driftLimit,
    horizonHours: flags.horizon / HOUR_MS,
    ...(flags.skip === undefined ? {} : { skipSeconds: flags.skip / 1_000 }),
  };
  const { input, notes } = await read(folder);
  const base = flags.base === undefined ? undefined : await read(flags.base);
  const verdict = judgeDrift(base === undefined ? input : againstBase(input, base.input), settings, base !== undefined);
  write(join(folder, 'drift.json'), verdict);
  const lines = [
    ...driftSentences(verdict),
    ...(flags.all ? verdict.series.map((series) => `  ${seriesSentence(verdict, series)}`) : []),
    ...notes,
    ...(base?.notes ?? []),
  ];
  print(`${flags.json ? visibleJson(JSON.stringify(verdict)) : lines.map(indentedLine).join('\n')}\n`);
  return EXIT_CODE_OF[verdict.verdict];
}

/** Not known is not a failure: a gate that wants more asks for longer runs. */
const EXIT_CODE_OF: Readonly<Record<Drift['verdict'], number>> = {
  drifts: EXIT_CODES.thresholds_failed.code,
  steady: EXIT_CODES.pass.code,
  not_known: EXIT_CODES.pass.code,
};

async function read(folder: string): Promise<{ readonly input: DriftInput; readonly notes: readonly string[] }> {
  const record = openRecord(folder);
  const collector = new DriftCollector(record.run);
  for await (const interval of record.intervals()) collector.add(interval);
  const input = collector.finish();
  return { input, notes: record.damage().map((finding) => `${folder}: ${findingWords([finding])}`) };
}

function write(file: string, verdict: Drift): void {
  try {
    replaceFile(file, `${JSON.stringify(verdict, null, 2)}\n`);
  } catch (error) {
    throw new ConfigurationError(`cannot write ${file}: ${describeFileError(error)}`);
  }
}

/** A share of change, above 0. */
function changeLimit(text: string): number {
  const share = percentageFlag(text.trim().replace(/\s*%$/, ''));
  if (share === 0) throw new InvalidArgumentError('Write a percentage above 0, such as 10.');
  return share;
}
