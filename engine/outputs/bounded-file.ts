import { createWriteStream, fstatSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { visibleLines } from '../../contract/shown-text.ts';

/** Characters per write. */
const CHUNK = 64 * 1024;
/** Maximum characters buffered for a slow disk; lines beyond that are dropped and counted. */
const WAITING_LIMIT = 16 * 1024 * 1024;
/** Maximum time that a line is buffered. */
const FLUSH_MS = 250;
/** Maximum time that the end of a run waits for the disk. */
const CLOSE_MS = 10_000;

const STDOUT = 1;

/**
 * A file of lines that never blocks its writer: lines are buffered up to a limit, then dropped and counted. A slow,
 * full or missing disk shows up in that count, never as latency or an exception.
 */
export class BoundedFile {
  /** Lines written, and lines that did not reach the file. */
  lines = 0;
  dropped = 0;
  /** Why lines were dropped; undefined if none were. */
  problem: string | undefined;
  readonly #first: Writable;
  readonly #last: Writable;
  readonly #onDrop: (reason: string) => void;
  readonly #flushing: NodeJS.Timeout;
  #chunk = '';
  #chunkLines = 0;
  #waiting = 0;
  #waitingLines = 0;
  #closed = false;

  /** `file`: a path, or `-` for stdout. `onDrop` is called once. Throws a ConfigurationError if it cannot be opened. */
  constructor(file: string, onDrop: (reason: string) => void) {
    this.#onDrop = onDrop;
    this.#last = open(file);
    this.#first = this.#last;
    if (file.endsWith('.gz')) {
      const gzip = createGzip();
      gzip.pipe(this.#last);
      this.#first = gzip;
    }
    this.#last.on('error', (error) => this.#fail(error));
    this.#flushing = setInterval(() => this.#flush(), FLUSH_MS);
  }

  /** Accepts one or more lines without waiting. */
  write(text: string, lines = 1): void {
    this.lines += lines;
    if (this.#closed) this.dropped += lines;
    else if (this.#waiting + this.#chunk.length > WAITING_LIMIT) this.#drop(lines, 'the disk is too slow');
    else {
      this.#chunk += text;
      this.#chunkLines += lines;
      if (this.#chunk.length >= CHUNK) this.#flush();
    }
  }

  /** Writes what is buffered; resolves when the stream has finished, or after CLOSE_MS. */
  async close(): Promise<void> {
    clearInterval(this.#flushing);
    this.#flush();
    if (!this.#closed) {
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, CLOSE_MS);
        const done = (): void => {
          clearTimeout(late);
          resolve();
        };
        this.#last.once('finish', done).once('error', done);
        if (this.#last === process.stdout) this.#first.write('', done);
        else this.#first.end();
      });
    }
    if (this.#waitingLines > 0) this.#drop(this.#waitingLines, 'the disk did not write them in time');
    this.#waitingLines = 0;
    this.#closed = true;
  }

  #flush(): void {
    if (this.#chunk === '') return;
    const { length } = this.#chunk;
    const lines = this.#chunkLines;
    // Names and tags may come from servers: no control characters on a terminal.
    const chunk = this.#last === process.stdout && process.stdout.isTTY ? visibleLines(this.#chunk) : this.#chunk;
    this.#chunk = '';
    this.#chunkLines = 0;
    if (this.#closed) {
      this.#drop(lines, this.problem ?? 'the file is closed');
      return;
    }
    this.#waiting += length;
    this.#waitingLines += lines;
    this.#first.write(chunk, (error) => {
      if (this.#closed) return;
      this.#waiting -= length;
      // Lines that the disk refused count as waiting until #fail accounts for them.
      if (error === undefined || error === null) this.#waitingLines -= lines;
      else this.#fail(error);
    });
  }

  #fail(error: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#flushing);
    const code = (error as NodeJS.ErrnoException).code ?? error.message;
    const lost = this.#waitingLines;
    this.#waitingLines = 0;
    this.#drop(lost, code === 'ENOSPC' ? 'no space left on the disk' : code);
  }

  #drop(lines: number, reason: string): void {
    this.dropped += lines;
    if (this.problem === undefined) {
      this.problem = reason;
      this.#onDrop(reason);
    }
  }
}

function open(file: string): Writable {
  try {
    if (file !== '-') return createWriteStream(file, { fd: openSync(file, 'w') });
    // Node writes to a redirected stdout synchronously, which would block the run.
    if (fstatSync(STDOUT).isFile()) return createWriteStream('', { fd: STDOUT, autoClose: false });
    return process.stdout;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError(`--out: cannot write ${file} (${code}); use a file in an existing folder`);
  }
}
