import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Stats } from 'node:fs';

/** Why a file of the user's cannot be used, in words that follow its name; nothing of what it holds is repeated. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError';
}

/** Larger than any file that is read as a whole; V8 makes no text of more than 512 MB. */
const MOST_BYTES = 500_000_000;

/**
 * The text of an ordinary file: UTF-8, or UTF-16 with a byte order mark, which is left out. Throws a TextFileError for what is not
 * there, is not a file (a pipe could keep one waiting for ever), is too large, or is written in another way, by its line.
 */
export function readTextFile(file: string, mostBytes = MOST_BYTES): string {
  const bytes = readBytes(file, mostBytes);
  const text = decodedText(bytes);
  const at = text.indexOf('\ufffd');
  if (at < 0) return text;
  const line = text.slice(0, at).split('\n').length;
  throw new TextFileError(
    `line ${line} contains U+FFFD, which replaces a character lost in a conversion; save the original as UTF-8`,
  );
}

function readBytes(file: string, mostBytes: number): Buffer {
  let descriptor: number | undefined;
  try {
    // Opened without waiting for who writes into a pipe; what is open cannot be put in another's place.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    const other = otherThanFile(stats);
    if (other !== undefined) throw new TextFileError(other);
    if (stats.size > mostBytes) {
      throw new TextFileError(`it is ${(stats.size / 1e6).toFixed(0)} MB; expected at most ${mostBytes / 1e6} MB`);
    }
    return readFileSync(descriptor);
  } catch (error) {
    throw error instanceof TextFileError ? error : new TextFileError(describeFileError(error));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** What a thing in the file system is, if it is not a regular file. */
export function otherThanFile(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'it is a folder';
  return stats.isFIFO() ? 'it is a pipe, not a file' : 'it is not a regular file';
}

/** The text of bytes. Throws a TextFileError that names the first line which is not UTF-8, and what it looks like. */
function decodedText(bytes: Buffer): string {
  const mark = markOf(bytes);
  if (mark === 'UTF-32') throw new TextFileError('it is UTF-32; save the file as UTF-8');
  if (mark !== undefined) {
    try {
      return new TextDecoder(mark.toLowerCase(), { fatal: true }).decode(bytes);
    } catch {
      throw new TextFileError('it is damaged UTF-16; save the file as UTF-8');
    }
  }
  const zero = bytes.indexOf(0);
  if (isUtf8(bytes) && zero < 0) return new TextDecoder().decode(bytes);
  throw new TextFileError(`${faultyLine(bytes)}; save the file as UTF-8`);
}

/** The encoding that a byte order mark at the beginning names; not UTF-8, whose mark says nothing. */
export function markOf(bytes: Buffer): 'UTF-16LE' | 'UTF-16BE' | 'UTF-32' | undefined {
  const starts = (...mark: readonly number[]): boolean => mark.every((byte, at) => bytes[at] === byte);
  if (starts(0xff, 0xfe, 0, 0) || starts(0, 0, 0xfe, 0xff)) return 'UTF-32';
  if (starts(0xff, 0xfe)) return 'UTF-16LE';
  return starts(0xfe, 0xff) ? 'UTF-16BE' : undefined;
}

const LINE_FEED = 0x0a;

function faultyLine(bytes: Buffer): string {
  let line = 1;
  for (let from = 0; from <= bytes.length; line++) {
    const end = bytes.indexOf(LINE_FEED, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (!isUtf8(part) || part.includes(0)) return `line ${line} is not UTF-8; ${likeness(bytes, part)}`;
    if (end < 0) break;
    from = end + 1;
  }
  return 'it is not UTF-8';
}

/** What bytes that are not UTF-8 look like. */
function likeness(all: Buffer, line: Buffer): string {
  const head = all.subarray(0, 4_096);
  const zeros = (from: number): number => head.filter((byte, at) => at % 2 === from && byte === 0).length;
  if (Math.max(zeros(0), zeros(1)) > head.length / 8) return 'it looks like UTF-16 without a byte order mark';
  if (line.some((byte) => byte < 0x09)) return 'it does not look like text';
  // What Windows-1252 leaves undefined.
  const undefinedThere = line.some((byte) => [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte));
  return undefinedThere ? 'it looks like an older encoding' : 'it looks like Windows-1252';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is not a folder',
  EEXIST: 'it already exists',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the file system is read-only',
  EDQUOT: 'the disk quota is used up',
};

/** What may be otherwise a moment later: a disk that is full, a process that has too much open. */
const PASSING: readonly string[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'];

/** Whether it is worth while to try again. */
export function mayPass(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING.includes(String(error.code));
}

/** What went wrong with a file, in a few words, without the path (the caller names it). */
export function describeFileError(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) return String(error);
  const code = String(error.code);
  return REASONS[code] ?? code;
}

/**
 * Writes a file in the place of one that may be there, and not through it: whoever reads it sees the old one or the new one, and a
 * link is replaced, not followed. Half a file is not left behind. Throws what the file system says.
 */
export function replaceFile(file: string, text: string): void {
  // Of this process alone: two commands may write the same file at once.
  const made = `${file}.${process.pid}.new`;
  try {
    rmSync(made, { force: true });
    writeFileSync(made, text, { flag: 'wx' });
    renameSync(made, file);
  } catch (error) {
    try {
      rmSync(made, { force: true });
    } catch {
      // What is said is why it could not be written.
    }
    throw error;
  }
}
