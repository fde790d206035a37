import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { InventoryIdentity } from './inventory.ts';
import type { Outcome } from '../catalogue/outcomes.ts';

/**
 * A failed flow travels as one console line, `pairstorm-failure {json}`: the only channel that both hosts have. It holds
 * no user name, password, token, code or payload.
 */
export const FAILURE_PREFIX = 'pairstorm-failure ';

/** Longest line, in characters; a flow with more steps keeps its first and last ones. */
export const FAILURE_MAX_LENGTH = 4_000;

/** One measured request of a failed flow. */
export interface FailureStep {
  readonly step: string;
  /** HTTP status, 0 without an answer. */
  readonly http: number;
  /** Duration in milliseconds. */
  readonly ms: number;
  /** Flow status of the answer, if it had one. */
  readonly status?: string | undefined;
  /** Error code and detail code, or the host's error. */
  readonly error?: string | undefined;
}

/** Where a flow left the path of its kind: at a state that came up, or at one that never did. */
export interface OffPath {
  readonly status: string;
  readonly path: 'unexpected' | 'missing';
}

/** What is reported about a failed flow. */
export interface FailureRecord {
  readonly run: string;
  /** The inventory of the run: with another one, the index means another user. */
  readonly inventory: InventoryIdentity;
  /** Index of the user in the inventory. */
  readonly user: number;
  readonly kind: FlowKind;
  readonly prescribed: Outcome;
  readonly outcome: Outcome;
  /** One sentence. */
  readonly reason: string;
  /** `nothing`: neither a kind nor an outcome was expected of this user. */
  readonly expects?: 'nothing' | undefined;
  /** Last state seen. */
  readonly at?: string | undefined;
  /** Where the flow left the path of its kind. */
  readonly offPath?: OffPath | undefined;
  readonly steps: readonly FailureStep[];
}
