import { findingWords } from '../catalogue/finding-words.ts';
import { decide, finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { RunFile } from './run-file.ts';

/** What of a series.jsonl is missing or cannot be read, and when that was. */
export class SeriesDamage {
  /** Lines that are missing: never written, taken away, or not to be read. */
  missing = 0;
  /** Lines that are there and cannot be read. */
  damaged = 0;
  /** Counts of series whose name stood on a line that is missing. */
  counts = 0;
  /** What else is wrong. */
  message = '';
  #fromMs = Infinity;
  #toMs = -Infinity;

  /** Takes down that lines are missing between two moments of the run, in milliseconds since its start. */
  hole(lines: number, fromMs: number, toMs: number): void {
    this.missing += lines;
    this.#fromMs = Math.min(this.#fromMs, fromMs);
    this.#toMs = Math.max(this.#toMs, toMs);
  }

  /** The finding; none where the record is whole. `of`: lines that there should be. A line too much takes nothing away: a remark. */
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
 * A run as its record can be read: what is missing is among its findings, and decides with them. What it said of itself about the
 * same file is said anew. Of a run without an end nothing is changed: it has not passed.
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
