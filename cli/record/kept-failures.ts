import { DecodeError } from '../../contract/decode.ts';
import type { FailureCounts } from '../../contract/run-record/run-file.ts';
import { decodeFailure } from '../../contract/read-failures.ts';
import { FAILURES_KEPT } from '../results-folder.ts';

/** Failed flows out of files that may come from anywhere: checked, counted, and as many kept as a run keeps. */
export class KeptFailures {
  readonly lines: string[] = [];
  /** Lines that say they are failed flows and are none. */
  unreadable = 0;
  #seen = 0;

  /** Takes the JSON of a failed flow. */
  take(json: string): void {
    try {
      const failure = decodeFailure(JSON.parse(json), 'failed flow');
      this.#seen++;
      if (this.lines.length < FAILURES_KEPT) this.lines.push(JSON.stringify(failure));
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof SyntaxError)) throw error;
      this.unreadable++;
    }
  }

  /** Counts failed flows that were told of and that nobody kept. */
  missed(count: number): void {
    this.#seen += count;
  }

  get counts(): FailureCounts {
    return { seen: this.#seen, kept: this.lines.length };
  }
}
