import type { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Main from '../../cli/main.ts';
import { ENTRY } from './command.ts';
import type { Ended } from './command.ts';

const COMPILED = pathToFileURL(resolve(ENTRY, '../main.js')).href;

/** One after the other: folder, environment and output are the process's. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Carries out the built command to its end, as `pairstorm` of command.ts does, but in this process, which has loaded it: for commands that
 * are refused, or only read files, and where neither signals, stdin nor the end of the process are the matter. It may start nothing that
 * outlives it.
 */
export function carriedOut(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const ended = before.then(() => carryOutAlone(cwd, args, env));
  before = ended.catch(() => undefined);
  return ended;
}

async function carryOutAlone(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const { carryOut, understood } = (await import(COMPILED)) as typeof Main;
  const restore = [inFolder(cwd, args, env), withoutListeners()];
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  restore.push(stdout.restore, stderr.restore);
  try {
    const code = await carryOut(understood(args));
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const undo of restore) undo();
  }
}

/** Gives the process the folder, command line and environment that a child would have. */
function inFolder(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): () => void {
  const { argv, env: own, exitCode } = process;
  const folder = process.cwd();
  process.chdir(cwd);
  process.argv = [process.execPath, ENTRY, ...args];
  process.env = { PATH: own['PATH'] ?? '', ...env };
  process.exitCode = undefined;
  return () => {
    process.chdir(folder);
    Object.assign(process, { argv, env: own, exitCode });
  };
}

/** What a command would do when its process ends, or is told to, this one need not. */
function withoutListeners(): () => void {
  const emitter: EventEmitter = process;
  const known = new Map(['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((event) => [event, emitter.rawListeners(event)]));
  return () => {
    for (const [event, listeners] of known)
      for (const listener of emitter.rawListeners(event))
        if (!listeners.includes(listener)) emitter.off(event, listener as () => void);
  };
}

/** Collects what is written to a stream. */
function captured(stream: NodeJS.WriteStream): { readonly text: () => string; readonly restore: () => void } {
  const own = Object.getOwnPropertyDescriptor(stream, 'write');
  let said = '';
  stream.write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    said += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const done = more.find((one) => typeof one === 'function') as (() => void) | undefined;
    done?.();
    return true;
  };
  const restore = (): void => {
    if (own === undefined) Reflect.deleteProperty(stream, 'write');
    else Object.defineProperty(stream, 'write', own);
  };
  return { text: () => said, restore };
}
