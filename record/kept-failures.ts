import { DecodeError } from '../contract/decode.ts';
import type { FailureRecord } from '../contract/failure-line.ts';
import { CauseCount } from './causes.ts';
import type { Cause } from './causes.ts';
import { decodeFailure } from './failures-file.ts';
import type { FailureCounts } from './run-file.ts';

/** Failed flows from files of any origin: validated, counted, and sampled as in a run. */
export class KeptFailures {
  readonly lines: string[] = [];
  /** Lines that claim to be failed flows but are not. */
  unreadable = 0;
  readonly #sample = new FailureSample();
  readonly #causes = new CauseCount();

  /** Takes a failed flow as JSON. */
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

  /** Counts failed flows that were reported but not kept. */
  missed(count: number): void {
    this.#sample.seen += count;
  }

  /** Causes of the flows taken, most frequent first. */
  get causes(): readonly Cause[] {
    return this.#causes.list();
  }

  /** Causes counted elsewhere, with the lines of the flows kept here. */
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

/** Maximum number of failed flows in a record. */
export const FAILURES_KEPT = 1_000;

/** The last tenth is reserved for kinds of failure not seen before. */
const RESERVED = FAILURES_KEPT / 10;
/** The first ones of each kind are kept, then ever fewer: those whose number is a power of two. */
const FIRST_OF_A_KIND = 100;
/** Kinds of failure that are distinguished; any further ones count as one. */
const MOST_KINDS = 500;

/**
 * Decides which failed flows are kept: a bounded number, fair across kinds of failure and time. Decided as they come,
 * so that the file is append-only; a late or rare kind is not crowded out by a frequent one.
 */
export class FailureSample {
  seen = 0;
  kept = 0;
  readonly #byKind = new Map<string, number>();

  /** Counts a failure; true if it is to be kept. */
  take(kind: string): boolean {
    this.seen++;
    const key = this.#byKind.has(kind) || this.#byKind.size < MOST_KINDS ? kind : 'other';
    const number = (this.#byKind.get(key) ?? 0) + 1;
    this.#byKind.set(key, number);
    const room = number === 1 ? FAILURES_KEPT : FAILURES_KEPT - RESERVED;
    const wanted = number <= FIRST_OF_A_KIND || isPowerOfTwo(number);
    if (this.kept >= room || !wanted) return false;
    this.kept++;
    return true;
  }
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n));
}

/** The kind of a failure: flow kind, outcome and reason, with the numbers in the reason masked. */
export function kindOfFailure(failure: { kind?: unknown; outcome?: unknown; reason?: unknown }): string {
  const word = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 120) : '');
  return `${word(failure.kind)} ${word(failure.outcome)} ${word(failure.reason).replace(/\d+/g, '#')}`;
}
