import { RUN_ID_SEPARATOR } from '../wire/admin-api.ts';
import type { SimulatorCounts } from '../wire/admin-api.ts';
import type { FaultHits, FaultHitsByStep, FaultStep } from '../wire/faults.ts';
import type { StatusValue } from '../../protocol/status-attribute.ts';
import type { SimulatedStatus } from '../model.ts';

/** Limit of run ids counted separately; starts of further ones count under `other`. */
export const MAX_RUN_IDS = 1000;
/** Longer run ids count under `other`. */
const MAX_RUN_ID_LENGTH = 100;
const OTHER = 'other';
/** Limit of fault names counted separately. */
const MAX_FAULT_NAMES = 1000;

/** The simulator's record of events since its start or the last reset. */
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

  /** A start request returned a flow. */
  started(state: string | null): void {
    this.#starts += 1;
    const runId = state?.includes(RUN_ID_SEPARATOR) ? state.slice(0, state.indexOf(RUN_ID_SEPARATOR)) : '';
    const fits = this.#startsByRun.has(runId) || this.#startsByRun.size < MAX_RUN_IDS;
    increase(this.#startsByRun, fits && runId.length <= MAX_RUN_ID_LENGTH ? runId : OTHER);
  }

  completed(result: StatusValue): void {
    increase(this.#completed, result);
  }

  /** A flow became FAILED from this status. */
  failed(from: SimulatedStatus): void {
    increase(this.#failed, from);
  }

  /** A flow expired in this status. */
  expired(at: SimulatedStatus): void {
    increase(this.#expired, at);
  }

  /** A fault dropped a flow in this status. */
  forgotten(at: SimulatedStatus): void {
    increase(this.#forgotten, at);
  }

  /** A fault hit a request: the response names it, or the connection was cut. */
  faulty(name: string, step: FaultStep, how: keyof FaultHits): void {
    const key = this.#faults.has(name) || this.#faults.size < MAX_FAULT_NAMES ? name : OTHER;
    const hits = this.#faults.get(key) ?? {};
    const before = hits[step] ?? { named: 0, cut: 0 };
    hits[step] = { ...before, [how]: before[how] + 1 };
    this.#faults.set(key, hits);
  }

  /** Hits of the fault with this name. */
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

  /** `open`: number of open flows by status. */
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
