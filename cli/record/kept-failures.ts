import { DecodeError } from '../../contract/decode.ts';
import { decodeFailure } from '../../contract/read-failures.ts';
import { FailureSample, kindOfFailure } from '../../contract/run-record/failure-sample.ts';
import type { FailureCounts } from '../../contract/run-record/run-file.ts';

/** Failed flows out of files that may come from anywhere: checked, counted, and kept as a run keeps them. */
export class KeptFailures {
  readonly lines: string[] = [];
  /** Lines that say they are failed flows and are none. */
  unreadable = 0;
  readonly #sample = new FailureSample();

  /** Takes the JSON of a failed flow. */
  take(json: string): void {
    try {
      const failure = decodeFailure(JSON.parse(json), 'failed flow');
      if (this.#sample.take(kindOfFailure(failure))) this.lines.push(JSON.stringify(failure));
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof SyntaxError)) throw error;
      this.unreadable++;
    }
  }

  /** Counts failed flows that were told of and that nobody kept. */
  missed(count: number): void {
    this.#sample.seen += count;
  }

  get counts(): FailureCounts {
    const { seen, kept } = this.#sample;
    return { seen, kept };
  }
}
