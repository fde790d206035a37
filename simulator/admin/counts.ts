import { RUN_ID_SEPARATOR } from '../wire/admin-api.ts';
import type { SimulatorCounts } from '../wire/admin-api.ts';
import type { FaultHits, FaultHitsByStep, FaultStep } from '../wire/faults.ts';
import type { StatusValue } from '../../protocol/status-attribute.ts';
import type { SimulatedStatus } from '../model.ts';

/** Run ids that are counted apart; starts of further ones count under `other`. */
export const MAX_RUN_IDS = 1000;
/** Longest run id that is counted apart. */
const MAX_RUN_ID_LENGTH = 100;
const OTHER = 'other';
/** Names of faults that are counted apart. */
const MAX_FAULT_NAMES = 1000;

/** The simulator's own record of what happened, since its start or the last reset. */
export class CountStore {
  #starts = 0;
  #tokens = 0;
  #served = 0;
  #busyMs = 0;
  #startsByRun = new Map<string, number>();
  #completed = new Map<string, number>();
  #failed = new Map<string, number>();
  #expired = new Map<string, number>();
  #forgotten = new Map<string, number>();
  #faults = new Map<string, Partial<Record<FaultStep, FaultHits>>>();

  /** A start request was answered with a flow. */
  started(state: string | null): void {
    this.#starts += 1;
    const runId = state?.includes(RUN_ID_SEPARATOR) ? state.slice(0, state.indexOf(RUN_ID_SEPARATOR)) : '';
    const fits = this.#startsByRun.has(runId) || this.#startsByRun.size < MAX_RUN_IDS;
    increase(this.#startsByRun, fits && runId.length <= MAX_RUN_ID_LENGTH ? runId : OTHER);
  }

  /** A flow came to COMPLETED. */
  completed(result: StatusValue): void {
    increase(this.#completed, result);
  }

  /** A flow came to FAILED from this status. */
  failed(from: SimulatedStatus): void {
    increase(this.#failed, from);
  }

  /** A flow outlived its lifetime in this status. */
  expired(at: SimulatedStatus): void {
    increase(this.#expired, at);
  }

  /** A fault made the simulator forget a flow in this status. */
  forgotten(at: SimulatedStatus): void {
    increase(this.#forgotten, at);
  }

  /** A fault hit a request: its answer carries the fault's name, or its connection was cut. */
  faulty(name: string, step: FaultStep, how: keyof FaultHits): void {
    const key = this.#faults.has(name) || this.#faults.size < MAX_FAULT_NAMES ? name : OTHER;
    const hits = this.#faults.get(key) ?? {};
    const before = hits[step] ?? { named: 0, cut: 0 };
    hits[step] = { ...before, [how]: before[how] + 1 };
    this.#faults.set(key, hits);
  }

  /** What the fault of this name has hit. */
  hitsOf(name: string): FaultHitsByStep {
    return this.#faults.get(name) ?? {};
  }

  /** A request was served, and held a worker for so long. */
  readonly served = (busyMs: number): void => {
    this.#served += 1;
    this.#busyMs += busyMs;
  };

  /** Tokens were issued for a code. */
  tokenIssued(): void {
    this.#tokens += 1;
  }

  reset(): void {
    this.#starts = 0;
    this.#tokens = 0;
    this.#served = 0;
    this.#busyMs = 0;
    this.#faults.clear();
    const maps = [this.#startsByRun, this.#completed, this.#failed, this.#expired, this.#forgotten];
    for (const counts of maps) counts.clear();
  }

  /** The record as it stands. `open`: flows open now, by status. */
  read(open: Readonly<Record<string, number>>): SimulatorCounts {
    return {
      starts: this.#starts,
      startsByRun: Object.fromEntries(this.#startsByRun),
      completed: Object.fromEntries(this.#completed),
      failed: Object.fromEntries(this.#failed),
      expired: Object.fromEntries(this.#expired),
      forgotten: Object.fromEntries(this.#forgotten),
      faults: Object.fromEntries(this.#faults),
      open,
      tokens: this.#tokens,
      served: this.#served,
      busySeconds: this.#busyMs / 1_000,
    };
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
