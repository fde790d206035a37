import { CauseCount } from './cause-count.ts';
import { DecodeError } from '../contract/decode.ts';
import type { FailureRecord } from '../contract/failure-line.ts';
import { decodeFailure } from './read-failures.ts';
import { FailureSample, kindOfFailure } from './failure-sample.ts';
import type { Cause } from './cause.ts';
import type { FailureCounts } from './run-file.ts';

/** Failed flows out of files that may come from anywhere: checked, counted, and kept as a run keeps them. */
export class KeptFailures {
  readonly lines: string[] = [];
  /** Lines that say they are failed flows and are none. */
  unreadable = 0;
  readonly #sample = new FailureSample();
  readonly #causes = new CauseCount();

  /** Takes the JSON of a failed flow. */
  take(json: string): void {
    try {
      const failure = decodeFailure(JSON.parse(json), 'failed flow');
      const kept = this.#sample.take(kindOfFailure(failure));
      if (kept) this.lines.push(JSON.stringify(failure));
      this.#causes.take(failure, kept ? this.lines.length : 0);
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof SyntaxError)) throw error;
      this.unreadable++;
    }
  }

  /** Counts failed flows that were told of and that nobody kept. */
  missed(count: number): void {
    this.#sample.seen += count;
  }

  /** Why they failed, by those that were taken; the most frequent cause first. */
  get causes(): readonly Cause[] {
    return this.#causes.list();
  }

  /** What others counted, with the lines that are kept here. */
  causesOf(counted: readonly Cause[]): readonly Cause[] {
    const causes = new CauseCount();
    causes.merge(counted);
    this.lines.forEach((line, at) => causes.locate(JSON.parse(line) as FailureRecord, at + 1));
    return causes.list();
  }

  get counts(): FailureCounts {
    const { seen, kept } = this.#sample;
    return { seen, kept };
  }
}
