import type { FailureSide } from '../../catalogue/failure-sides.ts';
import type { FailureStep } from '../../contract/failure-line.ts';

/** Failed flows: counts, groups, and a sample step by step. */
export interface FailedFlowsView {
  /** Failed flows reported by the run. */
  readonly seen: number;
  /** How many of them the record keeps. */
  readonly kept: number;
  /** Kept flows by kind, outcome and reason; most frequent first. */
  readonly groups: readonly FailureGroup[];
  /** A sample from all groups, slowest first. */
  readonly flows: readonly FailedFlow[];
}

/** Failed flows with the same kind, outcome and reason. */
export interface FailureGroup {
  readonly kind: string;
  readonly prescribed: string;
  readonly outcome: string;
  readonly reason: string;
  /** Number of kept flows: a sample if not all were kept. */
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
  /** Whether the flow provoked this error (a wrong passcode: 400), as far as the host recorded it. */
  readonly expected: boolean;
}
