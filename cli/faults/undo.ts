import { hostOf, isLoopback } from '../../lib/target.ts';
import { reasonOf } from '../one-line.ts';
import { isThatHook, noteUndone, readJournal } from './journal.ts';
import type { OpenFault, UndoneBy } from './journal.ts';
import { runCommand } from './run-command.ts';
import { endAtSimulator } from './simulator-faults.ts';
import { undoToxic } from './toxiproxy.ts';

/** What whoever undoes a fault knows beyond the journal. */
export interface UndoWith {
  /** Base URL of the simulator; undefined: faults of a simulator stay. */
  readonly simulator: string | undefined;
  /** The command that ends the fault; undefined: those of commands stay. */
  readonly command: string | undefined;
  /** How long a command may take. */
  readonly limitMs: number;
  /** Whether the journal's address of a Toxiproxy may be asked. */
  readonly mayAsk: (api: string) => boolean;
}

/** Whether an address is on this machine. A journal may come from anywhere, and so may the addresses in it. */
export function isHere(address: string): boolean {
  return isLoopback(hostOf(address) ?? '');
}

/** A fault that stands, and why. */
export interface LeftFault {
  readonly fault: OpenFault;
  readonly why: string;
}

/** Undoes one fault, as often as one likes. Resolves to why it stands, or undefined. */
export async function undoFault({ undo }: OpenFault, by: UndoWith): Promise<string | undefined> {
  try {
    switch (undo.kind) {
      case 'simulator':
        return by.simulator === undefined
          ? 'its simulator is not known'
          : await endAtSimulator(by.simulator, undo.name);
      case 'toxic':
      case 'disabled':
      case 'proxy':
        return by.mayAsk(undo.api) ? await undoToxic(undo) : `${undo.api} is not to be asked without --toxiproxy`;
      case 'hook':
        if (by.command === undefined) return 'only its end command ends it';
        if (!isThatHook(undo, by.command)) return 'the command is not the one that the run was given';
        return await runCommand(by.command, by.limitMs);
    }
  } catch (error) {
    // Nothing listens any more: what was there had its faults in memory.
    return isRefused(error) ? undefined : reasonOf(error);
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

/** What was undone of a journal, and what stands. */
export interface Undone {
  readonly undone: readonly OpenFault[];
  readonly left: readonly LeftFault[];
}

/** Undoes all that is open in a journal, the latest first, and notes it there. */
export async function undoOpen(file: string, by: UndoWith, who: UndoneBy): Promise<Undone> {
  const undone: OpenFault[] = [];
  const left: LeftFault[] = [];
  for (const fault of (readJournal(file)?.open ?? []).toReversed()) {
    const why = await undoFault(fault, by);
    if (why !== undefined) {
      left.push({ fault, why });
      continue;
    }
    undone.push(fault);
    try {
      noteUndone(file, fault, who);
    } catch {
      // The next one undoes it again, which it bears.
    }
  }
  return { undone, left };
}
