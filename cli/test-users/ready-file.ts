import { appendFileSync, existsSync, truncateSync, writeFileSync } from 'node:fs';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { csvRows } from '../../contract/users-csv.ts';
import { describeFileError, readTextFile, TextFileError } from '../../record/text-file.ts';
import type { TestUser } from './people.ts';

const HEADER = 'username,password,kind,test_device';

/** Nobody else may read passwords. */
const PRIVATE = { mode: 0o600 };

/**
 * The users who are ready, as an inventory (CSV). A line is written as a whole once all of a user is made; so the file is
 * also what is known after a command that was killed.
 */
export class ReadyFile {
  readonly path: string;
  readonly #names = new Set<string>();

  /** Reads what is there, and drops a last line that is cut. Throws a ConfigurationError. */
  constructor(path: string) {
    this.path = path;
    const text = existsSync(path) ? this.#read() : '';
    if (text === '') {
      this.#do(() => {
        writeFileSync(path, `${HEADER}\n`, PRIVATE);
      });
      return;
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (!whole.startsWith(`${HEADER}\n`) && !`${HEADER}\n`.startsWith(text))
      throw new ConfigurationError(`--out ${path} exists, and was not written by this command; name another file`);
    if (whole === '')
      this.#do(() => {
        writeFileSync(path, `${HEADER}\n`, PRIVATE);
      });
    else if (whole.length < text.length)
      this.#do(() => {
        truncateSync(path, Buffer.byteLength(whole));
      });
    for (const { cells } of csvRows(whole, path).slice(1)) this.#names.add((cells[0] ?? '').toLowerCase());
  }

  has({ username }: TestUser): boolean {
    return this.#names.has(username.toLowerCase());
  }

  add(user: TestUser): void {
    const cells = [user.username, user.password, user.kind, user.device].map(cellOf);
    this.#do(() => {
      appendFileSync(this.path, `${cells.join(',')}\n`);
    });
    this.#names.add(user.username.toLowerCase());
  }

  #read(): string {
    try {
      return readTextFile(this.path);
    } catch (error) {
      if (error instanceof TextFileError) throw new ConfigurationError(`--out ${this.path}: ${error.message}`);
      throw error;
    }
  }

  #do(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw new ConfigurationError(`cannot write --out ${this.path}: ${describeFileError(error)}`);
    }
  }
}

function cellOf(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
