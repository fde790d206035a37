import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { FAILURE_PREFIX } from '../contract/failure-line.ts';
import { describeFileError } from './file-error.ts';

/** Failed flows that are kept; the rest is counted. */
export const FAILURES_KEPT = 1_000;

/** Files that no script may write. */
const OWN_FILES: readonly string[] = ['summary.json', 'result.json', 'failures.jsonl'];

/**
 * The folder of a run: made when the first file is written, never one that exists. A disk that is full or gone does not
 * end a run: what could not be written is remembered as `problem`.
 */
export class ResultsFolder {
  readonly #parent: string;
  readonly #name: string;
  #path: string | undefined;
  #failuresFile: number | undefined;
  #failures = 0;
  #problem: string | undefined;

  /** `parent` is the folder of all runs; the run's own is named by the UTC time of its start and the script. */
  constructor(parent: string, script: string, startedAt: Date) {
    this.#parent = parent;
    const time = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
    this.#name = `${time}Z-${script.replace(/[^A-Za-z0-9._-]/g, '_')}`;
  }

  /** Failed flows so far, kept or not. */
  get failures(): number {
    return this.#failures;
  }

  /** Makes sure that the parent can be written to, before the run rather than after it. Throws a ConfigurationError. */
  prepare(): void {
    try {
      makeFolders(resolve(this.#parent));
    } catch (error) {
      const reason = error instanceof ConfigurationError ? error.message : describeFileError(error);
      throw new ConfigurationError(`--results ${this.#parent}: ${reason}`);
    }
  }

  /** The folder, or where it should have been. */
  get path(): string {
    return this.#path ?? join(this.#parent, this.#name);
  }

  /** Why something could not be written, in a few words; undefined if all was. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Takes a console line if it is a failed flow (contract/failure-line.ts); false: it is an ordinary line. */
  takeFailure(line: string): boolean {
    if (!line.startsWith(FAILURE_PREFIX)) return false;
    const json = line.slice(FAILURE_PREFIX.length);
    try {
      JSON.parse(json);
    } catch {
      return false;
    }
    this.#failures++;
    if (this.#failures > FAILURES_KEPT) return true;
    this.#attempt((folder) => {
      this.#failuresFile ??= openSync(join(folder, 'failures.jsonl'), 'wx');
      writeSync(this.#failuresFile, `${json.replaceAll('\n', ' ')}\n`);
    });
    return true;
  }

  /** Writes a value as a JSON file. */
  writeJson(file: string, value: unknown): void {
    const json = `${JSON.stringify(value, undefined, 2)}\n`;
    this.#attempt((folder) => writeFileSync(join(folder, file), json, { flag: 'wx' }));
  }

  /**
   * Writes a file that the script's handleSummary returned, below this folder. False: its name leads out of it, or to
   * one of our own files.
   */
  writeScriptFile(name: string, content: string | ArrayBuffer): boolean {
    const inside = normalize(name);
    const leaves = isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`);
    if (leaves || OWN_FILES.includes(inside)) return false;
    this.#attempt((folder) => {
      mkdirSync(join(folder, dirname(inside)), { recursive: true });
      writeFileSync(join(folder, inside), typeof content === 'string' ? content : new Uint8Array(content));
    });
    return true;
  }

  /** Closes what is open. */
  close(): void {
    if (this.#failuresFile !== undefined) closeSync(this.#failuresFile);
    this.#failuresFile = undefined;
  }

  /** Writes into the folder, which is made first; takes down why it cannot be done. */
  #attempt(write: (folder: string) => void): void {
    try {
      this.#path ??= makeNew(join(this.#parent, this.#name));
      write(this.#path);
    } catch (error) {
      this.#problem ??= describeFileError(error);
    }
  }
}

/**
 * Makes a folder and those above it. Not by `recursive: true`: where a file system takes no folder and says that there is
 * none (/proc), Node 20 tries for ever.
 */
function makeFolders(path: string): void {
  if (!existsSync(path)) {
    makeFolders(dirname(path));
    mkdirSync(path);
  } else if (!statSync(path).isDirectory()) throw new ConfigurationError(`${path} is no folder`);
  else accessSync(path, constants.W_OK);
}

/** Makes a folder that was not there: two runs in one second get `-2`, `-3`, … */
function makeNew(wanted: string): string {
  for (let attempt = 1; ; attempt++) {
    const path = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
