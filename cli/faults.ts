import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { journalTarget } from './faults/fault-control.ts';
import { LONGEST_COMMAND_MS, origin } from './faults/fault-flags.ts';
import { JOURNAL, isAlive, isThatHook, readJournal } from './faults/journal.ts';
import { isHere, undoOpen } from './faults/undo.ts';
import { openRecord } from '../record/read-record.ts';
import { oneLine } from './one-line.ts';
import { print } from './stdout.ts';

interface UndoFlags {
  readonly onFaultEnd?: string;
  readonly toxiproxy?: string;
}

export function define(command: Command): void {
  command
    .argument('<action>', 'undo: end what a run left active')
    .argument('<folder>', 'the folder of the run, such as results/<run>')
    .option('--on-fault-end <command>', 'the end command that the run was given; no other is run')
    .option('--toxiproxy <url>', 'API of a Toxiproxy that is not on this machine', origin)
    .addHelpText(
      'after',
      `
Ends the faults that a killed run left: toxics, and faults of a simulator. The run
itself does so at its end, else its watcher, else the next run on that target; so
this is only needed for a fault of your own command, which no journal holds. Give
the command as the run was given it: another one is not run.

Examples:
  pairstorm faults undo results/2026-01-31T12-00-00Z-resilience
  pairstorm faults undo results/2026-01-31T12-00-00Z-resilience --on-fault-end 'kubectl …'`,
    )
    .action(async (action: string, folder: string, flags: UndoFlags) => {
      if (action !== 'undo') throw new ConfigurationError(`faults ${action}: no such action; write faults undo FOLDER`);
      process.exitCode = await undo(folder, flags);
    });
}

async function undo(folder: string, { onFaultEnd: command, toxiproxy }: UndoFlags): Promise<number> {
  const file = join(folder, JOURNAL);
  const journal = readJournal(file);
  if (journal === undefined) {
    // Refuses what is not a run's folder: of a mistyped one, nothing is known.
    openRecord(folder);
    throw new ConfigurationError(`${folder} has no ${JOURNAL}: its run made no fault that could be left active`);
  }
  if (isAlive(journal.head)) throw new ConfigurationError(`${folder}: the run is still on; it ends its faults itself`);
  const hooks = journal.open.flatMap(({ undo: one }) => (one.kind === 'hook' ? [one] : []));
  if (command !== undefined && !hooks.some((hook) => isThatHook(hook, command)))
    throw new ConfigurationError(
      hooks.length === 0
        ? `--on-fault-end: no command of ${folder} is left to be run`
        : '--on-fault-end is not the command that the run was given (its hash differs); write it as it was',
    );
  const { undone, left } = await undoOpen(
    file,
    {
      simulator: isHere(journal.head.target) ? journalTarget(journal.head.target) : undefined,
      ...{ command, limitMs: LONGEST_COMMAND_MS },
      mayAsk: (api) => api === toxiproxy || isHere(api),
    },
    'hand',
  );
  const lines = [
    ...undone.map(({ fault }) => `ended: ${fault}`),
    ...left.map(({ fault, why }) => `still active: ${fault.fault}: ${why}`),
    ...(journal.strange > 0
      ? [`${journal.strange} lines of ${JOURNAL} are not entries; nothing was done with them`]
      : []),
    ...(undone.length + left.length === 0 ? ['nothing is left'] : []),
  ];
  print(`${lines.map(oneLine).join('\n')}\n`);
  return left.length === 0 ? EXIT_CODES.pass.code : EXIT_CODES.invalid_configuration.code;
}
