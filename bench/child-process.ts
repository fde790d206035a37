import type { ChildProcess } from 'node:child_process';

/** Path of a compiled script of this folder. */
export const script = (name: string): string => new URL(name, import.meta.url).pathname;

/** First message of a child process; rejects if it ends without one. */
export function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a bench process ended with ${String(code)}`)));
  });
}
