import { findingWords } from '../catalogue/finding-words.ts';
import { finding } from '../catalogue/findings.ts';
import { decide } from '../catalogue/verdict.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { RunFile } from './run-file.ts';

/** Missing and damaged lines of a series.jsonl, and the time they cover. */
export class SeriesDamage {
  /** Missing lines: never written, deleted, or damaged. */
  missing = 0;
  /** Lines that exist but cannot be read. */
  damaged = 0;
  /** Counts of series whose name was on a missing line. */
  counts = 0;
  /** Another problem. */
  message = '';
  #fromMs = Infinity;
  #toMs = -Infinity;

  /** Notes missing lines between two times, in milliseconds since the start of the run. */
  hole(lines: number, fromMs: number, toMs: number): void {
    this.missing += lines;
    this.#fromMs = Math.min(this.#fromMs, fromMs);
    this.#toMs = Math.max(this.#toMs, toMs);
  }

  /** The finding, if the record is not whole. `of`: expected number of lines. Surplus lines lose no data: a remark. */
  findings(of: number | undefined): readonly Finding[] {
    const { missing, damaged, counts, message } = this;
    const lacks = missing > 0 || counts > 0 || message !== '';
    if (!lacks && damaged === 0) return [];
    const found = finding('record_damaged', {
      data: {
        file: 'series.jsonl',
        missing,
        ...(of === undefined ? {} : { of }),
        ...(damaged === 0 ? {} : { damaged }),
        ...(counts === 0 ? {} : { counts }),
        ...(message === '' ? {} : { message }),
        ...(this.#toMs < 0 ? {} : { fromMs: this.#fromMs, toMs: this.#toMs }),
      },
    });
    return [lacks ? found : { ...found, exit: 0 }];
  }
}

/**
 * A run as its record could be read: damage becomes a finding and counts towards the verdict, replacing what the run
 * recorded about the same file. A run without an end is left as it is: it has not passed.
 */
export function asRead(run: RunFile, damage: readonly Finding[]): RunFile {
  if (damage.length === 0 || run.end === null) return run;
  const files = damage.map(({ data }) => data['file']);
  const known = run.end.findings.filter(
    ({ code, subject, data }) => code !== 'record_damaged' || subject !== '' || !files.includes(data['file']),
  );
  const judgement = decide([...known, ...damage]);
  const reason = findingWords(judgement.findings);
  return { ...run, end: { ...run.end, ...judgement, reason: reason === '' ? undefined : reason } };
}
