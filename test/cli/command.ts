import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeInventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';

/** The built command. */
export const ENTRY = fileURLToPath(new URL('../../build/cli/pairstorm.js', import.meta.url));

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** What it said so far, stdout and stderr together. */
  readonly said: () => string;
  /** Resolves when stdout and stderr together hold the text. */
  readonly says: (text: string | RegExp) => Promise<void>;
}

/** An empty folder of its own below the system's temporary one. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pairstorm-cli-'));
}

/** Writes a script and gives its path. */
export function scriptFile(folder: string, name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

/** Writes the inventory that `pairstorm inventory` makes of these flags, without starting it. */
export function writeInventory(file: string, users: number, seed = 7): void {
  writeFileSync(file, encodeInventory(makeInventory({ users, seed, version: 'test' })));
}

let few: string | undefined;

/** An inventory for runs that are not about their users: the 4,000 of the package take a good part of a short run to read. */
export function fewUsers(): string {
  if (few === undefined) writeInventory((few = join(emptyFolder(), 'people.json')), 400);
  return few;
}

/** Starts the built command in a folder; the environment holds no settings but those given. */
export function start(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = '',
): Running {
  if (!existsSync(ENTRY)) throw new Error('build the command first: npm run build');
  return startProgram(cwd, process.execPath, [ENTRY, ...args], env, stdin);
}

/** Starts the built command through npx, in a folder that has it as a dependency; the child is npx. */
export function startByNpx(cwd: string, args: readonly string[]): Running {
  const bin = join(cwd, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(cwd, 'package.json'), '{}');
  chmodSync(ENTRY, 0o755); // as npm does
  symlinkSync(ENTRY, join(bin, 'pairstorm'));
  const env = { HOME: cwd, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  return startProgram(cwd, 'npx', ['--no-install', 'pairstorm', ...args], env, '');
}

function startProgram(
  cwd: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin: string,
): Running {
  const child = spawn(program, args, { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdin.end(stdin);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const says = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if ((stdout + stderr).search(text instanceof RegExp ? text : escaped(text)) < 0) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying ${String(text)}:\n${stdout}${stderr}`)));
    });
  return { child, ended, said: () => stdout + stderr, says };
}

/** Runs the built command to its end. */
export function pairstorm(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = '',
): Promise<Ended> {
  return start(cwd, args, env, stdin).ended;
}

function escaped(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
