import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { formatDuration } from '../../contract/duration.ts';
import { environmentOfCommands } from '../child-environment.ts';
import { oneLine } from '../one-line.ts';

/** How much of a command's stderr is kept. */
const STDERR_LIMIT = 2_000;

/** How a command ended. */
export interface CommandEnd {
  /** Exit code; null: it did not start, was stopped, or was ended by a signal. */
  readonly code: number | null;
  /** An error message, unless it ended with 0. */
  readonly error: string | undefined;
}

/** Runs a command in a shell, for `limitMs` at most. Resolves to an error message, or undefined. */
export const runCommand = async (command: string, limitMs: number): Promise<string | undefined> =>
  (await endOfCommand(command, limitMs)).error;

/** Runs a command in a shell, for `limitMs` at most. */
export function endOfCommand(command: string, limitMs: number): Promise<CommandEnd> {
  return new Promise((resolve) => {
    // A group of its own, so that all that it started can be stopped.
    const child = spawn(command, {
      ...{ shell: true, detached: true, env: environmentOfCommands(process.env) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      stopGroup(child.pid);
    }, limitMs);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-STDERR_LIMIT)));
    child.once('error', (error) => {
      clearTimeout(limit);
      resolve({ code: null, error: error.message });
    });
    // `exit`, not `close`: a background process of the command may keep stderr open.
    child.once('exit', (code, signal) => {
      clearTimeout(limit);
      // Whoever waits for nothing else need not wait for a background process.
      (child.stderr as Socket).unref();
      const error = late
        ? `the command took longer than ${formatDuration(limitMs)} and was stopped`
        : `the command ended with ${signal ?? `exit code ${code}`} ${oneLine(said)}`.trim();
      resolve({ code: late ? null : code, error: !late && code === 0 ? undefined : error });
    });
  });
}

function stopGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
