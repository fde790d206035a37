import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { FAILURE_PREFIX } from '../contract/failure-line.ts';
import { describeFileError } from './file-error.ts';

/** Failed flows that are kept; the rest is counted. */
export const FAILURES_KEPT = 1_000;

/** The folder of a run: made when the first file is written, never one that exists. */
export class ResultsFolder {
  readonly #parent: string;
  readonly #name: string;
  #path: string | undefined;
  #failuresFile: number | undefined;
  #failures = 0;

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
      mkdirSync(this.#parent, { recursive: true });
    } catch (error) {
      throw new ConfigurationError(`--results ${this.#parent}: ${describeFileError(error)}`);
    }
  }

  /** The folder; made if it is not there yet. */
  get path(): string {
    this.#path ??= makeNew(join(this.#parent, this.#name));
    return this.#path;
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
    this.#failuresFile ??= openSync(join(this.path, 'failures.jsonl'), 'wx');
    writeSync(this.#failuresFile, `${json.replaceAll('\n', ' ')}\n`);
    return true;
  }

  /** Writes a value as a JSON file. */
  writeJson(file: string, value: unknown): void {
    writeFileSync(join(this.path, file), `${JSON.stringify(value, undefined, 2)}\n`, { flag: 'wx' });
  }

  /**
   * Writes a file that the script's handleSummary returned, below this folder. False: it is not written, because its
   * name leads out of the folder or to a file that is there already.
   */
  writeScriptFile(name: string, content: string | ArrayBuffer): boolean {
    const inside = normalize(name);
    if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) return false;
    const file = join(this.path, inside);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : new Uint8Array(content), { flag: 'wx' });
      return true;
    } catch {
      return false;
    }
  }

  /** Closes what is open. */
  close(): void {
    if (this.#failuresFile !== undefined) closeSync(this.#failuresFile);
    this.#failuresFile = undefined;
  }
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
