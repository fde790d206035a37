import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { describeFileError } from '../../record/text-file.ts';
import type { Store } from './store.ts';

/** Ending of a file that is being copied. */
const UNFINISHED = '.unfinished';

/** A folder that all machines have: a volume, a network drive, or one machine. */
export class FolderStore implements Store {
  readonly place: string;
  readonly #flag: string;

  constructor(place: string, flag: string) {
    this.place = place;
    this.#flag = flag;
  }

  async list(prefix: string): Promise<readonly string[]> {
    return this.#attempt(() => {
      const folder = join(this.place, prefix);
      if (!existsSync(folder)) return [];
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith(UNFINISHED))
        .map(({ parentPath, name }) => relative(this.place, join(parentPath, name)).split(sep).join('/'));
    });
  }

  async putFile(key: string, file: string): Promise<void> {
    this.#put(key, (path) => copyFileSync(file, path));
  }

  async putText(key: string, text: string): Promise<void> {
    this.#put(key, (path) => writeFileSync(path, text));
  }

  async claim(key: string, text: string): Promise<boolean> {
    return this.#attempt(() => {
      try {
        writeFileSync(this.#made(key), text, { flag: 'wx' });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    });
  }

  async readText(key: string): Promise<string | undefined> {
    const path = join(this.place, key);
    return this.#attempt(() => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
  }

  async fetch(prefix: string): Promise<string> {
    return join(this.place, prefix);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  /** Whole or not at all: others look while it is written. */
  #put(key: string, write: (path: string) => void): void {
    this.#attempt(() => {
      const path = this.#made(key);
      write(path + UNFINISHED);
      renameSync(path + UNFINISHED, path);
    });
  }

  #made(key: string): string {
    const path = join(this.place, key);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  #attempt<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw new ConfigurationError(`${this.#flag} ${this.place}: ${describeFileError(error)}`);
    }
  }
}
