import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { InventoryIdentity } from './inventory.ts';
import type { Outcome } from '../catalogue/outcomes.ts';

/**
 * A failed flow is reported as one console line, `pairstorm-failure {json}`, the only channel on both hosts. It
 * contains no user name, password, token, code or payload.
 */
export const FAILURE_PREFIX = 'pairstorm-failure ';

/** Maximum length of the line in characters; of too many steps only the first and last are kept. */
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

/** The report of a failed flow. */
export interface FailureRecord {
  readonly run: string;
  /** The inventory of the run: the index refers to it. */
  readonly inventory: InventoryIdentity;
  /** Index of the user in the inventory. */
  readonly user: number;
  readonly kind: FlowKind;
  readonly prescribed: Outcome;
  readonly outcome: Outcome;
  /** One sentence. */
  readonly reason: string;
  /** `nothing`: the user had no expected kind or outcome. */
  readonly expects?: 'nothing' | undefined;
  /** Last state seen. */
  readonly at?: string | undefined;
  /** Where the flow left the path of its kind. */
  readonly offPath?: OffPath | undefined;
  readonly steps: readonly FailureStep[];
}
