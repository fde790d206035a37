import { ConfigurationError } from '../contract/configuration-error.ts';
import { FAILURE_MAX_LENGTH, FAILURE_PREFIX } from '../contract/failure-line.ts';
import type { FailureRecord } from '../contract/failure-line.ts';
import { CauseCount } from './causes.ts';
import type { Cause } from './causes.ts';
import { FailureSample, kindOfFailure } from './kept-failures.ts';
import { LineFile } from './line-file.ts';
import { decodeFailure } from './failures-file.ts';
import type { FailureCounts } from './run-file.ts';
import { describeFileError, mayPass, replaceFile } from './text-file.ts';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';

/** Files that no script may write. */
const OWN_FILES: readonly string[] = [
  ...['run.json', 'series.jsonl', 'summary.json', 'result.json', 'failures.jsonl'],
  ...['report.html', 'one-page.html', 'report.md', 'report.json', 'report.csv', 'junit.xml', 'drift.json'],
  ...['resilience.json', 'faults.journal'],
];

/** Longest line that is kept, in characters; ours are far shorter. */
const LONGEST_FAILURE = 10 * FAILURE_MAX_LENGTH;

/** How long the end of a run waits for a full disk, and how often it checks. */
const SETTLE_MS = 5_000;
const LOOK_EVERY_MS = 100;

/**
 * The folder of a run, always new, created with its first file. A full or lost disk does not end the run: lines are
 * buffered until they can be written, and `problem` says what could not be.
 */
export class ResultsFolder {
  readonly #parent: string;
  readonly #name: string;
  #path: string | undefined;
  readonly #lineFiles = new Map<string, LineFile>();
  /** Files that could not be written, and how to write them in a later attempt. */
  readonly #unwritten = new Map<string, { readonly error: unknown; readonly write: (folder: string) => void }>();
  readonly #failures = new FailureSample();
  readonly #causes = new CauseCount();

  /**
   * `parent` is the folder of all runs; the run's own is named by the UTC time of its start and the script. A run that is a part of
   * something is named by that alone.
   */
  constructor(parent: string, script: string, startedAt?: Date) {
    this.#parent = parent;
    const time = startedAt === undefined ? '' : `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}Z-`;
    this.#name = `${time}${script.replace(/[^A-Za-z0-9._-]/g, '_')}`;
  }

  /** Failed flows so far. */
  get failures(): FailureCounts {
    const { seen, kept } = this.#failures;
    return { seen, kept };
  }

  /** Causes of failed flows so far, most frequent first; exact, even when only a sample of the flows is kept. */
  get causes(): readonly Cause[] {
    return this.#causes.list();
  }

  /** Checks before the run that the parent folder is writable. Throws a ConfigurationError. */
  prepare(): void {
    try {
      makeFolders(resolve(this.#parent));
    } catch (error) {
      const reason = error instanceof ConfigurationError ? error.message : describeFileError(error);
      throw new ConfigurationError(`--results ${this.#parent}: ${reason}`);
    }
  }

  /** Creates the folder now and returns its name: a run in the same second gets a suffix. */
  make(): string {
    this.#attempt('', () => undefined);
    return basename(this.path);
  }

  /** The folder, or where it should have been. */
  get path(): string {
    return this.#path ?? join(this.#parent, this.#name);
  }

  /** Why something is not written; undefined if everything is. */
  get problem(): string | undefined {
    const [error] = this.#errors();
    return error === undefined ? undefined : describeFileError(error);
  }

  /** Errors that keep files from being written, or lost some of their lines. */
  #errors(): readonly unknown[] {
    const lines = [...this.#lineFiles.values()].flatMap(({ waiting, lost, error }) =>
      waiting > 0 || lost > 0 || error !== undefined ? [error ?? FULL] : [],
    );
    return [...[...this.#unwritten.values()].map(({ error }) => error), ...lines];
  }

  /** Takes a console line if it is a valid failed flow (contract/failure-line.ts); false for an ordinary line. */
  takeFailure(line: string): boolean {
    if (!line.startsWith(FAILURE_PREFIX) || line.length > LONGEST_FAILURE) return false;
    let failure: FailureRecord;
    try {
      failure = decodeFailure(JSON.parse(line.slice(FAILURE_PREFIX.length)), '');
    } catch {
      return false;
    }
    let kept = this.#failures.take(kindOfFailure(failure));
    if (kept && !this.append('failures.jsonl', JSON.stringify(failure))) {
      kept = false;
      this.#failures.kept--;
    }
    this.#causes.take(failure, kept ? this.#failures.kept : 0);
    return true;
  }

  /** Appends a line; one that cannot be written is buffered. False: it is lost, because the buffer is full. */
  append(file: string, line: string): boolean {
    return this.#lines(file).append(line);
  }

  /** Opens a line file early, because mid-run no descriptor may be left; close() deletes it if it stays empty. */
  open(file: string): void {
    this.#lines(file).flush();
  }

  /** Buffered lines of a file. */
  waiting(file: string): number {
    return this.#lineFiles.get(file)?.waiting ?? 0;
  }

  /** Drops the buffered lines of a file, so that what was reported about them stays true. */
  giveUp(file: string): void {
    this.#lineFiles.get(file)?.giveUp();
  }

  /**
   * Retries failed writes, for some seconds if the disk may recover. True: nothing is left to be written (dropped lines
   * stay lost).
   */
  async settle(withinMs = SETTLE_MS): Promise<boolean> {
    for (const end = performance.now() + withinMs; ;) {
      for (const [what, { write }] of [...this.#unwritten]) this.#attempt(what, write);
      for (const lines of this.#lineFiles.values()) if (lines.waiting > 0) lines.flush();
      const errors = this.#errors();
      if (errors.length === 0) return true;
      const waits = this.#unwritten.size > 0 || [...this.#lineFiles.values()].some(({ waiting }) => waiting > 0);
      if (!waits || !errors.every(mayPass) || performance.now() > end) return !waits;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  #lines(file: string): LineFile {
    let lines = this.#lineFiles.get(file);
    if (lines === undefined) {
      lines = new LineFile(() => openSync(join(this.#made(), file), 'wx'));
      this.#lineFiles.set(file, lines);
    }
    return lines;
  }

  /** Writes a JSON file atomically. False: it could not be written. */
  replaceJson(file: string, value: unknown): boolean {
    return this.replaceText(file, `${JSON.stringify(value, undefined, 2)}\n`);
  }

  /** Writes a text file atomically: readers see the old or the new content. False: it could not be written. */
  replaceText(file: string, text: string): boolean {
    return this.#attempt(file, (folder) => replaceFile(join(folder, file), text));
  }

  /**
   * Writes a file returned by the script's handleSummary into this folder. False: the name leads out of the folder or
   * to one of our own files.
   */
  writeScriptFile(name: string, content: string | ArrayBuffer): boolean {
    const inside = normalize(name);
    const leaves = isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`);
    if (leaves || OWN_FILES.includes(inside)) return false;
    this.#attempt(inside, (folder) => {
      mkdirSync(join(folder, dirname(inside)), { recursive: true });
      writeFileSync(join(folder, inside), typeof content === 'string' ? content : new Uint8Array(content));
    });
    return true;
  }

  /** Deletes what was written, because nothing was run. */
  discard(): void {
    this.close();
    const path = this.#path;
    if (path === undefined) return;
    this.#attempt('', () => {
      for (const file of OWN_FILES) rmSync(join(path, file), { force: true });
      rmdirSync(path);
    });
    this.#path = undefined;
  }

  close(): void {
    for (const [file, lines] of this.#lineFiles) {
      lines.close();
      if (lines.written === 0) rmSync(join(this.path, file), { force: true });
    }
    this.#lineFiles.clear();
  }

  /** The folder, created if needed. */
  #made(): string {
    return (this.#path ??= makeNew(join(this.#parent, this.#name)));
  }

  /** Writes into the folder; on failure, notes the error until a retry succeeds. */
  #attempt(what: string, write: (folder: string) => void): boolean {
    try {
      write(this.#made());
      this.#unwritten.delete(what);
      return true;
    } catch (error) {
      this.#unwritten.set(what, { error, write });
      return false;
    }
  }
}

/** Reported for lost lines when the disk is free again. */
const FULL = Object.assign(new Error('lines are lost'), { code: 'ENOSPC' });

/**
 * Creates a folder and its parents. Not with `recursive: true`: on a file system that creates no folders and reports
 * ENOENT (/proc), Node 20 loops forever.
 */
function makeFolders(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    const above = dirname(path);
    if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error)) || above === path) throw error;
    makeFolders(above);
    makeFolder(path);
  }
}

/** Creates a folder unless it exists. Checked after the attempt, because another run may create it at the same time. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    if (!statSync(path).isDirectory()) throw new ConfigurationError(`${path} is not a folder`);
    accessSync(path, constants.W_OK);
  }
}

/** Creates a folder that did not exist: further runs in the same second get `-2`, `-3`, … */
function makeNew(wanted: string): string {
  for (let attempt = 1; ; attempt++) {
    const path = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
