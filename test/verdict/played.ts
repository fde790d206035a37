import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { ResultObject } from '../../cli/result.ts';
import type { Finding } from '../../catalogue/findings.ts';
import type { RunFile } from '../../record/run-file.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import type { Ended } from '../cli/command.ts';

/** The command, as a line of shell starts it. */
export const BUILT = fileURLToPath(new URL('../../build/cli/pairstorm.js', import.meta.url));

/** What a run through the real command left behind. */
export interface Played extends Ended {
  /** What a person sees. */
  readonly said: string;
  /** The last lines: what decides. */
  readonly last: string;
  readonly run: RunFile;
  readonly result: ResultObject;
  /** A file beside the record. */
  readonly file: (name: string) => string;
  readonly finding: (code: string) => Finding | undefined;
}

/** Reads what a run left in its results folder. */
export function readPlayed(ended: Ended, results: string): Played {
  const said = ended.stdout + ended.stderr;
  const folder = readdirSync(results)[0];
  expect(folder, said).toBeDefined();
  const file = (name: string): string => readFileSync(join(results, folder!, name), 'utf8');
  const run = JSON.parse(file('run.json')) as RunFile;
  return {
    ...ended,
    said,
    last: ended.stderr.split('\n').slice(-16).join('\n'),
    run,
    result: JSON.parse(file('result.json')) as ResultObject,
    file,
    finding: (code) => run.end?.findings.find((one) => one.code === code),
  };
}

/** Plays `pairstorm run …` to its end. */
export async function play(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Played> {
  const folder = emptyFolder();
  const results = join(folder, 'results');
  return readPlayed(await pairstorm(folder, ['run', ...args, '--results', results], env), results);
}

/** Runs a line of shell to its end. */
export function shell(line: string, env: Readonly<Record<string, string | undefined>>): Promise<Ended> {
  const child = spawn('bash', ['-c', line], { cwd: emptyFolder(), env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

/** `A=1 B=2` as flags. */
export function settings(words: string): string[] {
  return words.split(' ').flatMap((pair) => ['-e', pair]);
}
