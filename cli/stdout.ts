import { describeFileError } from '../record/text-file.ts';
import { fstatSync, writeSync } from 'node:fs';

const STDOUT = 1;

/** A reader that went away (`pairstorm run … | head`, a terminal that was closed) is no reason to fail. */
const READER_GONE: readonly string[] = ['EPIPE', 'ECONNRESET', 'ENOTCONN'];

/** What was asked for and could not be written, as a sentence; the first of each. */
const unwritten = new Map<string, string>();

/** Takes down that something the user asked for could not be written: the command then fails, whatever else it found. */
export function noteUnwritten(what: string, error: unknown): void {
  if (!unwritten.has(what)) unwritten.set(what, `${what} could not be written: ${describeFileError(error)}`);
}

/** What could not be written so far. */
export function unwrittenOutputs(): readonly string[] {
  return [...unwritten.values()];
}

/** Takes down an error of stdout, unless it is that nobody reads it any more. */
export function noteStdoutError(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!process.stdout.isTTY && !READER_GONE.includes(code)) noteUnwritten('stdout', error);
}

let isFile: boolean | undefined;

/**
 * Prints what the command was asked for. To a file in as many writes as it takes: one of a disk that is nearly full takes a part, and
 * Node would not say so.
 */
export function print(text: string): void {
  isFile ??= fstatSync(STDOUT).isFile();
  if (!isFile) {
    process.stdout.write(text);
    return;
  }
  // What comes after a gap is no use.
  if (unwritten.has('stdout')) return;
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(STDOUT, bytes, at);
  } catch (error) {
    noteStdoutError(error);
  }
}
