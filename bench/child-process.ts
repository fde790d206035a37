import type { ChildProcess } from 'node:child_process';

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
