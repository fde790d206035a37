import { describeFileError } from '../record/text-file.ts';
import { fstatSync, writeSync } from 'node:fs';

const STDOUT = 1;

/** A closed reader (`pairstorm run … | head`, a closed terminal) is not a reason to fail. */
const READER_GONE: readonly string[] = ['EPIPE', 'ECONNRESET', 'ENOTCONN'];

/** Output that could not be written, with its first error. */
const unwritten = new Map<string, string>();

/** Notes that requested output could not be written; the command will then fail. */
export function noteUnwritten(what: string, error: unknown): void {
  if (!unwritten.has(what)) unwritten.set(what, `${what} could not be written: ${describeFileError(error)}`);
}

export function unwrittenOutputs(): readonly string[] {
  return [...unwritten.values()];
}

/** Notes an error of stdout unless its reader has gone. */
export function noteStdoutError(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!process.stdout.isTTY && !READER_GONE.includes(code)) noteUnwritten('stdout', error);
}

let isFile: boolean | undefined;

/**
 * Prints the command's output. Files are written in a loop: a nearly full disk accepts partial writes, which Node does
 * not report.
 */
export function print(text: string): void {
  isFile ??= fstatSync(STDOUT).isFile();
  if (!isFile) {
    process.stdout.write(text);
    return;
  }
  // Nothing after a gap is of use.
  if (unwritten.has('stdout')) return;
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(STDOUT, bytes, at);
  } catch (error) {
    noteStdoutError(error);
  }
}
