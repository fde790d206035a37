import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { journalTarget } from './fault-control.ts';
import { LONGEST_COMMAND_MS } from './fault-flags.ts';
import { JOURNAL, isAlive, readJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { isHere, undoOpen } from './undo.ts';

/** At most so many runs are looked at, the latest first. */
const MOST_RUNS = 500;

interface LeftGround {
  /** The folder of all runs. */
  readonly results: string;
  /** The target of the command; a run's own simulator has nothing left. */
  readonly target: string | undefined;
  readonly toxiproxy: string | undefined;
  /** Whether the command makes faults itself: then nothing may stand. */
  readonly makesFaults: boolean;
  readonly say: (line: string) => void;
}

interface Left {
  readonly folder: string;
  readonly file: string;
  readonly journal: Journal;
}

/** Runs in the results folder with faults that were not ended. */
function leftIn(results: string): Left[] {
  let names: string[];
  try {
    names = readdirSync(results);
  } catch {
    return [];
  }
  return names
    .sort()
    .slice(-MOST_RUNS)
    .flatMap((name) => {
      const folder = join(results, name);
      const file = join(folder, JOURNAL);
      const journal = readJournal(file);
      return journal === undefined || journal.open.length === 0 ? [] : [{ folder, file, journal }];
    });
}

/**
 * Ends what earlier runs on this target left: a run and its watcher may both have been killed. Toxics and faults of a
 * simulator are ended; of a command only the user can say what ends it. Throws a ConfigurationError if the command makes
 * faults and one still stands, or a run with faults is still on.
 */
export async function endLeftFaults({ results, target, toxiproxy, makesFaults, say }: LeftGround): Promise<void> {
  const here = target === undefined ? undefined : journalTarget(target);
  for (const { folder, file, journal } of leftIn(results)) {
    const { head } = journal;
    const sameTarget = here !== undefined && head.target === here;
    const sameToxiproxy = journal.open.some(({ undo }) => 'api' in undo && undo.api === toxiproxy);
    if (!sameTarget && !sameToxiproxy) continue;
    const names = [...new Set(journal.open.map(({ fault }) => fault))].filter((name) => name !== 'proxy').join(', ');
    if (isAlive(head)) {
      const line = `a run makes faults on this target now (${folder}${names === '' ? '' : `: ${names}`})`;
      if (makesFaults) throw new ConfigurationError(`${line}; wait until it is over`);
      say(`warning: ${line}`);
      continue;
    }
    const { undone, left } = await undoOpen(
      file,
      {
        simulator: sameTarget ? target : undefined,
        command: undefined,
        limitMs: LONGEST_COMMAND_MS,
        // The journal may come from anywhere: only an address that this command was given, or one on this machine.
        mayAsk: (api) => api === toxiproxy || (sameTarget && isHere(api)),
      },
      'next',
    );
    for (const { fault, undo } of undone)
      if (undo.kind !== 'proxy') say(`ended the fault ${fault}, which ${folder} had left active`);
    for (const { fault, why } of left) {
      const how =
        fault.undo.kind === 'hook'
          ? `end it with pairstorm faults undo ${folder} --on-fault-end CMD`
          : `pairstorm faults undo ${folder} tries again`;
      const line = `the fault ${fault.fault} of ${folder} was not ended: ${why}; ${how}`;
      if (makesFaults) throw new ConfigurationError(line);
      say(`warning: ${line}`);
    }
  }
}
