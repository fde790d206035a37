import { join } from 'node:path';
import type { Command } from 'commander';
import { againstBase } from '../analysis/drift/base-night.ts';
import { driftOf } from '../analysis/drift/collect.ts';
import type { Drift } from '../analysis/drift/drift.ts';
import { judgeDrift } from '../analysis/drift/judge-drift.ts';
import { driftSentences, seriesSentence } from '../analysis/drift/words.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { findingWords } from '../catalogue/finding-words.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { visibleJson } from '../contract/shown-text.ts';
import { openRecord } from '../record/read-record.ts';
import { describeFileError, replaceFile } from '../record/text-file.ts';
import { addDriftFlags, driftRulesOf, driftSettingsOf } from './drift-flags.ts';
import type { DriftFlags } from './drift-flags.ts';
import { indentedLine } from './one-line.ts';
import { print } from './stdout.ts';

interface DriftCommandFlags extends DriftFlags {
  readonly base?: string;
  readonly all?: true;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .argument('<folder>', 'record of a run of hours')
    .option('--base <dir>', 'another night: looks at the difference by the hour of the day')
    .option('--all', 'a line for every series')
    .option('--json', 'drift.json on stdout instead of sentences');
  addDriftFlags(command, 'What counts as drift:');
  command
    .addHelpText(
      'after',
      `
Says whether anything drifts: the latencies of each step, error shares, outcomes,
requests per flow, flows that pile up, and what --target-metrics recorded. Each
series is tested with its own autocorrelation, all of them together at 5 %; beside
every "steady" stands the smallest drift that this run would have found. Where the
load generator itself drifted, nothing is known of latencies. "run soak" does the
same at its end; docs/soak.md has the guide, docs/methods-drift.md the method.

Writes drift.json into the folder. Ends with 0 if nothing drifts or it is not
known, 99 if something drifts the bad way by more than the limit.

Examples:
  pairstorm drift results/2026-01-31T22-00-00Z-soak
  pairstorm drift results/tonight --base results/last-night --drift-limit 5`,
    )
    .action(async (folder: string, flags: DriftCommandFlags) => {
      process.exitCode = await drift(folder, flags);
    });
}

async function drift(folder: string, flags: DriftCommandFlags): Promise<number> {
  const night = open(folder, flags);
  const base = flags.base === undefined ? undefined : open(flags.base, flags);
  if (base?.id === night.id)
    throw new ConfigurationError(`--base ${flags.base} is the same run as ${folder}; pass another night`);
  const [input, baseInput] = [await night.input(), await base?.input()];
  const verdict = judgeDrift(
    baseInput === undefined ? input : againstBase(input, baseInput),
    driftSettingsOf(night.rules),
    base !== undefined,
  );
  write(join(folder, 'drift.json'), verdict);
  const lines = [
    ...driftSentences(verdict),
    ...(flags.all ? verdict.series.map((series) => `  ${seriesSentence(verdict, series)}`) : []),
    ...night.notes(),
    ...(base?.notes() ?? []),
  ];
  print(`${flags.json ? visibleJson(JSON.stringify(verdict)) : lines.map(indentedLine).join('\n')}\n`);
  return EXIT_CODE_OF[verdict.verdict];
}

/** `not_known` passes: whoever needs certainty must run longer. */
const EXIT_CODE_OF: Readonly<Record<Drift['verdict'], number>> = {
  drifts: EXIT_CODES.thresholds_failed.code,
  steady: EXIT_CODES.pass.code,
  not_known: EXIT_CODES.pass.code,
};

/** A record with its identity, its drift rules and notes on damage. */
function open(folder: string, flags: DriftFlags) {
  const record = openRecord(folder);
  const rules = driftRulesOf(flags, record.run.drift);
  const { testid, startedAt, machines } = record.run;
  return {
    rules,
    id: JSON.stringify([testid, startedAt, machines]),
    input: () => driftOf({ ...record.run, drift: rules }, record.intervals()),
    notes: () => record.damage().map((finding) => `${folder}: ${findingWords([finding])}`),
  };
}

function write(file: string, verdict: Drift): void {
  try {
    replaceFile(file, `${JSON.stringify(verdict, null, 2)}\n`);
  } catch (error) {
    throw new ConfigurationError(`cannot write ${file}: ${describeFileError(error)}`);
  }
}
