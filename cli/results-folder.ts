import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { CauseCount } from '../analysis/cause-count.ts';
import type { Cause } from '../contract/run-record/cause.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { FAILURE_MAX_LENGTH, FAILURE_PREFIX } from '../contract/failure-line.ts';
import type { FailureRecord } from '../contract/failure-line.ts';
import { decodeFailure } from '../contract/read-failures.ts';
import { FailureSample, kindOfFailure } from '../contract/run-record/failure-sample.ts';
import type { FailureCounts } from '../contract/run-record/run-file.ts';
import { describeFileError } from './file-error.ts';

/** Files that no script may write. */
const WRITTEN: readonly string[] = [
  ...['run.json', 'series.jsonl', 'summary.json', 'result.json', 'failures.jsonl'],
  ...['report.html', 'report.md', 'report.json', 'report.csv', 'junit.xml'],
];
const OWN_FILES: readonly string[] = WRITTEN.flatMap((file) => [file, `${file}.new`]);

/** Longest line of a failed flow that is kept, in characters; ours are far shorter. */
const LONGEST_FAILURE = 10 * FAILURE_MAX_LENGTH;

/** A file of lines that is open, and whether there is a line in it. */
interface OpenFile {
  readonly descriptor: number;
  readonly empty: boolean;
}

/**
 * The folder of a run: made when the first file is written, never one that exists. A disk that is full or gone does not
 * end a run: what could not be written is remembered as `problem`.
 */
export class ResultsFolder {
  readonly #parent: string;
  readonly #name: string;
  #path: string | undefined;
  readonly #open = new Map<string, OpenFile>();
  readonly #failures = new FailureSample();
  readonly #causes = new CauseCount();
  #problem: string | undefined;

  /** `parent` is the folder of all runs; the run's own is named by the UTC time of its start and the script. */
  constructor(parent: string, script: string, startedAt: Date) {
    this.#parent = parent;
    const time = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
    this.#name = `${time}Z-${script.replace(/[^A-Za-z0-9._-]/g, '_')}`;
  }

  /** Failed flows so far. */
  get failures(): FailureCounts {
    const { seen, kept } = this.#failures;
    return { seen, kept };
  }

  /** Why flows failed so far, the most frequent cause first; counted exactly, however many flows are kept. */
  get causes(): readonly Cause[] {
    return this.#causes.list();
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

  /** Makes the folder now, and tells its name: a run in the same second gets another number. */
  make(): string {
    this.#attempt(() => undefined);
    return basename(this.path);
  }

  /** The folder, or where it should have been. */
  get path(): string {
    return this.#path ?? join(this.#parent, this.#name);
  }

  /** Why something could not be written, in a few words; undefined if all was. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Takes a console line if it is a failed flow that readers of the record accept (contract/failure-line.ts); false: it is an
   * ordinary line.
   */
  takeFailure(line: string): boolean {
    if (!line.startsWith(FAILURE_PREFIX) || line.length > LONGEST_FAILURE) return false;
    let failure: FailureRecord;
    try {
      failure = decodeFailure(JSON.parse(line.slice(FAILURE_PREFIX.length)), '');
    } catch {
      return false;
    }
    const kept = this.#failures.take(kindOfFailure(failure));
    if (kept) this.append('failures.jsonl', JSON.stringify(failure));
    this.#causes.take(failure, kept ? this.#failures.kept : 0);
    return true;
  }

  /** Adds a line to a file of lines. */
  append(file: string, line: string): void {
    this.#attempt((folder) => {
      const { descriptor } = this.#lines(folder, file);
      writeSync(descriptor, `${line}\n`);
      this.#open.set(file, { descriptor, empty: false });
    });
  }

  /** Opens a file of lines that may come in mid-run, when this process may have no descriptor left; one that stays empty goes. */
  open(file: string): void {
    this.#attempt((folder) => this.#lines(folder, file));
  }

  #lines(folder: string, file: string): OpenFile {
    let open = this.#open.get(file);
    if (open === undefined) {
      open = { descriptor: openSync(join(folder, file), 'wx'), empty: true };
      this.#open.set(file, open);
    }
    return open;
  }

  /** Writes a value as a JSON file in the place of one that may be there. False: it could not be written. */
  replaceJson(file: string, value: unknown): boolean {
    return this.replaceText(file, `${JSON.stringify(value, undefined, 2)}\n`);
  }

  /**
   * Writes a text file in the place of one that may be there: whoever reads it sees the old one or the new one. False: it could
   * not be written.
   */
  replaceText(file: string, text: string): boolean {
    return this.#attempt((folder) => {
      const path = join(folder, file);
      rmSync(`${path}.new`, { force: true });
      writeFileSync(`${path}.new`, text, { flag: 'wx' });
      renameSync(`${path}.new`, path);
    });
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

  /** Takes away what was written, because nothing was run. */
  discard(): void {
    this.close();
    const path = this.#path;
    if (path === undefined) return;
    this.#attempt(() => {
      for (const file of OWN_FILES) rmSync(join(path, file), { force: true });
      rmdirSync(path);
    });
    this.#path = undefined;
  }

  /** Closes what is open. */
  close(): void {
    for (const [file, { descriptor, empty }] of this.#open) {
      closeSync(descriptor);
      if (empty) rmSync(join(this.path, file), { force: true });
    }
    this.#open.clear();
  }

  /** Writes into the folder, which is made first; takes down why it cannot be done. */
  #attempt(write: (folder: string) => void): boolean {
    try {
      this.#path ??= makeNew(join(this.#parent, this.#name));
      write(this.#path);
      return true;
    } catch (error) {
      this.#problem ??= describeFileError(error);
      return false;
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
