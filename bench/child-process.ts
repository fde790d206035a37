import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Path of a compiled script in this folder. */
export const script = (name: string): string => new URL(name, import.meta.url).pathname;

/** The next message of a child process; rejects if it ends without one. */
export function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a bench process ended with ${String(code)}`));
    child.once('exit', ended);
    child.once('message', (said) => {
      child.removeListener('exit', ended);
      resolve(said);
    });
  });
}

/** Makes signals end the process normally, so that its exit handlers (children, folders) run. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
}

/** A target (target.ts) and a folder for a bench of clients. */
interface Ground {
  readonly target: ChildProcess;
  readonly url: string;
  /** Goes when the process ends, also by a signal. */
  readonly folder: string;
}

/** Prepares a bench of clients. The caller disconnects the target. */
export async function startTarget(): Promise<Ground> {
  exitOnSignals();
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const target = fork(script('target.js'));
  return { target, folder, url: `http://127.0.0.1:${String(await message(target))}` };
}
