import type { ThreadHealth } from './generator-health/monitor.ts';

/** Runs the scenarios of a run, in this thread or in worker threads. */
export interface ScenarioHost {
  /**
   * Plays all scenarios; resolves when their last iteration has ended.
   * `setupJson` is what setup returned.
   */
  readonly play: (setupJson: string | undefined) => Promise<void>;
  /** No further iteration; running ones have their scenario's `gracefulStop`. Before `play` too. */
  readonly close: () => void;
  /** Interrupts running iterations. May be called before `play`. */
  readonly interrupt: () => void;
  /** Health of each thread. */
  readonly health: () => readonly ThreadHealth[];
  /** Failures of the load generator itself, one sentence each. */
  readonly faults: readonly string[];
  /** Ends everything; to be called once, however the run went. */
  readonly dispose: () => Promise<void>;
}
