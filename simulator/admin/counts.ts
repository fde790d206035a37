import { RUN_ID_SEPARATOR } from '../../contract/admin-api.ts';
import type { SimulatorCounts } from '../../contract/admin-api.ts';
import type { FlowStatus } from '../../protocol/statuses.ts';
import type { StatusValue } from '../../protocol/status-attribute.ts';

/** Run ids that are counted apart; starts of further ones count under `other`. */
export const MAX_RUN_IDS = 1000;
/** Longest run id that is counted apart. */
const MAX_RUN_ID_LENGTH = 100;
const OTHER_RUNS = 'other';

/** The simulator's own record of what happened, since its start or the last reset. */
export class Counts {
  #starts = 0;
  #tokens = 0;
  #startsByRun = new Map<string, number>();
  #completed = new Map<string, number>();
  #failed = new Map<string, number>();
  #expired = new Map<string, number>();

  /** A start request was answered with a flow. */
  started(state: string | null): void {
    this.#starts += 1;
    const runId = state?.includes(RUN_ID_SEPARATOR) ? state.slice(0, state.indexOf(RUN_ID_SEPARATOR)) : '';
    const fits = this.#startsByRun.has(runId) || this.#startsByRun.size < MAX_RUN_IDS;
    increase(this.#startsByRun, fits && runId.length <= MAX_RUN_ID_LENGTH ? runId : OTHER_RUNS);
  }

  /** A flow came to COMPLETED. */
  completed(result: StatusValue): void {
    increase(this.#completed, result);
  }

  /** A flow came to FAILED from this status. */
  failed(from: FlowStatus): void {
    increase(this.#failed, from);
  }

  /** A flow outlived its lifetime in this status. */
  expired(at: FlowStatus): void {
    increase(this.#expired, at);
  }

  /** Tokens were issued for a code. */
  tokenIssued(): void {
    this.#tokens += 1;
  }

  reset(): void {
    this.#starts = 0;
    this.#tokens = 0;
    for (const counts of [this.#startsByRun, this.#completed, this.#failed, this.#expired]) counts.clear();
  }

  /** The record as it stands. `open`: flows open now, by status. */
  read(open: Readonly<Record<string, number>>): SimulatorCounts {
    return {
      starts: this.#starts,
      startsByRun: Object.fromEntries(this.#startsByRun),
      completed: Object.fromEntries(this.#completed),
      failed: Object.fromEntries(this.#failed),
      expired: Object.fromEntries(this.#expired),
      open,
      tokens: this.#tokens,
    };
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
