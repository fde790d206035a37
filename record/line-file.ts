import { closeSync, ftruncateSync, writeSync } from 'node:fs';

/** Bytes buffered while the disk is full; lines beyond that are lost and counted. */
const MOST_WAITING = 16 * 1024 * 1024;

/**
 * An append-only file of whole lines, in order. If the disk is full, a partly written line is truncated away and
 * buffered until it can be written.
 */
export class LineFile {
  /** Lines written, and lines lost because the buffer was full. */
  written = 0;
  lost = 0;
  /** Why the last attempt failed; undefined if it did not. */
  error: unknown;
  readonly #open: () => number;
  readonly #most: number;
  #descriptor: number | undefined;
  /** Where the last whole line ends. */
  #end = 0;
  readonly #waiting: Buffer[] = [];
  #bytes = 0;

  /** `open` returns the descriptor of an empty file; if it throws, it is called again for the next line. */
  constructor(open: () => number, most = MOST_WAITING) {
    this.#open = open;
    this.#most = most;
  }

  /** Lines that could not be written yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Appends a line (without its line break). False: it is lost. */
  append(line: string): boolean {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#waiting.length > 0) this.flush();
    if (this.#waiting.length > 0 && this.#bytes + bytes.length > this.#most) {
      this.lost++;
      return false;
    }
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    this.flush();
    return true;
  }

  /** Writes buffered lines, opening the file if needed. False: lines are still buffered, or it cannot be opened. */
  flush(): boolean {
    try {
      this.#descriptor ??= this.#open();
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        writeWhole(this.#descriptor, next, this.#end);
        this.#end += next.length;
        this.#bytes -= next.length;
        this.written++;
        this.#waiting.shift();
      }
      this.error = undefined;
      return true;
    } catch (error) {
      this.error = error;
      this.#cutBack();
      return false;
    }
  }

  /** Drops buffered lines. */
  giveUp(): void {
    this.lost += this.#waiting.length;
    this.#waiting.length = 0;
    this.#bytes = 0;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** If truncating fails too, the next write overwrites the partial line, because writes give their position. */
  #cutBack(): void {
    try {
      if (this.#descriptor !== undefined) ftruncateSync(this.#descriptor, this.#end);
    } catch {
      // Readers skip a partial line.
    }
  }
}

/** Writes all bytes, in as many calls as it takes. Throws file system errors. */
function writeWhole(descriptor: number, bytes: Buffer, position: number): void {
  for (let at = 0; at < bytes.length;) {
    const written = writeSync(descriptor, bytes, at, bytes.length - at, position + at);
    if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    at += written;
  }
}
