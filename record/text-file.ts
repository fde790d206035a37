import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Stats } from 'node:fs';

/** Why a user's file cannot be used, worded to follow its name; never quotes its content. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError';
}

/** Larger than any file read as a whole; V8's longest string has about 512 MB. */
const MOST_BYTES = 500_000_000;

/**
 * The text of a regular file: UTF-8, or UTF-16 with a byte order mark, which is dropped. Throws a TextFileError if it
 * is missing, not a file (a pipe could block forever), too large, or in another encoding (names the line).
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
    // Non-blocking, so that a pipe does not hang; checked once open, so that it cannot be swapped after the check.
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

/** What a path is, if not a regular file. */
export function otherThanFile(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'it is a folder';
  return stats.isFIFO() ? 'it is a pipe, not a file' : 'it is not a regular file';
}

/** Throws a TextFileError that names the first line which is not UTF-8, and what it looks like. */
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

/** The encoding named by a byte order mark; undefined for UTF-8. */
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

/** Guesses the encoding of bytes that are not UTF-8. */
function likeness(all: Buffer, line: Buffer): string {
  const head = all.subarray(0, 4_096);
  const zeros = (from: number): number => head.filter((byte, at) => at % 2 === from && byte === 0).length;
  if (Math.max(zeros(0), zeros(1)) > head.length / 8) return 'it looks like UTF-16 without a byte order mark';
  if (line.some((byte) => byte < 0x09)) return 'it does not look like text';
  // Bytes that Windows-1252 leaves undefined.
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

/** Errors that may go away: a full disk, too many open files. */
const PASSING: readonly string[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'];

/** Whether a retry may succeed. */
export function mayPass(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING.includes(String(error.code));
}

/** A file error in a few words, without the path (the caller names it). */
export function describeFileError(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) return String(error);
  const code = String(error.code);
  return REASONS[code] ?? code;
}

/**
 * Replaces a file atomically: readers see the old or the new one, a link is replaced rather than followed, and no
 * partial file is left behind. Throws file system errors.
 */
export function replaceFile(file: string, text: string): void {
  // Unique per process: two commands may write the same file at once.
  const made = `${file}.${process.pid}.new`;
  try {
    rmSync(made, { force: true });
    writeFileSync(made, text, { flag: 'wx' });
    renameSync(made, file);
  } catch (error) {
    try {
      rmSync(made, { force: true });
    } catch {
      // Report the write error, not this one.
    }
    throw error;
  }
}
