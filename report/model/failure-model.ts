import type { FailureSide } from '../../catalogue/failure-sides.ts';
import type { FailureStep } from '../../contract/failure-line.ts';

/** Failed flows: how many there were, what they had in common, and a sample of them step by step. */
export interface FailedFlowsView {
  /** Failed flows that the run told of. */
  readonly seen: number;
  /** How many of them the record keeps. */
  readonly kept: number;
  /** Failed flows of the record by kind, outcome and reason; the most frequent first. */
  readonly groups: readonly FailureGroup[];
  /** A sample for reading: of each group some, the slowest first. */
  readonly flows: readonly FailedFlow[];
}

/** Failed flows that ended alike. */
export interface FailureGroup {
  readonly kind: string;
  readonly prescribed: string;
  readonly outcome: string;
  readonly reason: string;
  /** Flows of the record: a sample, where not all were kept. */
  readonly count: number;
}

/** One failed flow. */
export interface FailedFlow {
  readonly user: number;
  readonly kind: string;
  readonly prescribed: string;
  readonly outcome: string;
  readonly reason: string;
  readonly totalMs: number;
  readonly steps: readonly FailureStep[];
}

/** Requests that ended in an error. */
export interface ErrorRow {
  readonly name: string;
  readonly peer: string;
  /** HTTP status; `0` without an answer. */
  readonly status: string;
  readonly code: string;
  /** What the code means. */
  readonly meaning: string;
  readonly count: number;
  readonly side: FailureSide;
  /** Whether the flow asked for this error (a wrong passcode: 400), as far as the host said so. */
  readonly expected: boolean;
}
