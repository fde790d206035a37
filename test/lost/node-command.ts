import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Ended } from '../cli/command.ts';
import { scriptFile } from '../cli/command.ts';

const ENTRY = resolve('build/cli/pairstorm.js');

/** The rest of the siblings is for `npm run check:lost`. */
export const LOST = (process.env['LOST'] ?? '') !== '';

export interface LongRunning {
  readonly child: ChildProcess;
  /** How it ended; killed by the test after so many seconds, which is not an end of its own. */
  readonly ended: Promise<Ended & { readonly signal: string | null }>;
}

export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node itself. */
  readonly node?: readonly string[];
  /** What a shell does before it becomes the command, such as `ulimit -v 4000000`. */
  readonly before?: string;
  readonly killAfterMs?: number;
}

/** Starts the built command, with flags of Node or in a shell with limits, and gives it up after a while. */
export function startNode(
  folder: string,
  args: readonly string[],
  { env = {}, node = [], before, killAfterMs = 45_000 }: Start = {},
): LongRunning {
  const all = [...node, ENTRY, ...args];
  const options = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'pipe' } as const;
  const child =
    before === undefined
      ? spawn(process.execPath, all, options)
      : spawn('sh', ['-c', `${before} && exec "$0" "$@"`, process.execPath, ...all], options);
  let stdout = '';
  let stderr = '';
  child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const late = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const ended = new Promise<Ended & { signal: string | null }>((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      done({ code, signal, stdout, stderr });
    });
  });
  onTestFinished(() => {
    clearTimeout(late);
    child.kill('SIGKILL');
  });
  return { child, ended };
}

/** A file that makes every process which loads it before its own code collect garbage three times a second. */
export function collector(folder: string): readonly string[] {
  const file = scriptFile(
    folder,
    'collector.cjs',
    `const { isMainThread } = require('node:worker_threads');
     if (isMainThread && globalThis.gc) setInterval(() => gc(), 300).unref();`,
  );
  return ['--expose-gc', '-r', file];
}

/** A script that needs no target. */
export function ownScript(folder: string): string {
  return scriptFile(
    folder,
    'own.js',
    `const { Counter } = require('k6/metrics');
     const c = new Counter('my_counter');
     exports.options = { vus: 2, iterations: 10, thresholds: { my_counter: ['count>=10'] } };
     exports.default = async () => { c.add(1, { place: 'here' }); await new Promise((r) => setTimeout(r, 100)); };`,
  );
}
