import { closeSync, ftruncateSync, writeSync } from 'node:fs';

/** Bytes of lines that wait for a disk; what comes on top is lost, and counted. */
const MOST_WAITING = 16 * 1024 * 1024;

/**
 * A file of whole lines. A disk may be full for a while, and take half of what it is given: such a file is cut back to its last
 * whole line, and the line waits in memory until it can be written. Lines come into the file in the order in which they were given.
 */
export class LineFile {
  /** Lines that are in the file, and lines that are lost because too many waited. */
  written = 0;
  lost = 0;
  /** Why the last attempt failed; undefined: it did not. */
  error: unknown;
  readonly #open: () => number;
  readonly #most: number;
  #descriptor: number | undefined;
  /** Where the last whole line ends. */
  #end = 0;
  readonly #waiting: Buffer[] = [];
  #bytes = 0;

  /** `open` gives the descriptor of an empty file; it may throw, and is then asked again with the next line. */
  constructor(open: () => number, most = MOST_WAITING) {
    this.#open = open;
    this.#most = most;
  }

  /** Lines that could not be written yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Adds a line, without its line break. False: it is lost. */
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

  /** Writes what waits, and opens the file if it is not open. False: something still waits, or there is no file. */
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

  /** Gives up what still waits. */
  giveUp(): void {
    this.lost += this.#waiting.length;
    this.#waiting.length = 0;
    this.#bytes = 0;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Where even this cannot be done, the next line is written over the half one: a place is always told. */
  #cutBack(): void {
    try {
      if (this.#descriptor !== undefined) ftruncateSync(this.#descriptor, this.#end);
    } catch {
      // The reader passes over half a line.
    }
  }
}

/** Writes all of it, in as many calls as it takes. Throws what the file system says. */
function writeWhole(descriptor: number, bytes: Buffer, position: number): void {
  for (let at = 0; at < bytes.length;) {
    const written = writeSync(descriptor, bytes, at, bytes.length - at, position + at);
    if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    at += written;
  }
}
