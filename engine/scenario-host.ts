import type { ThreadHealth } from './generator-health/monitor.ts';

/** Where the scenarios of a run are played: in this thread, or in worker threads. */
export interface ScenarioHost {
  /**
   * Plays all scenarios; resolves when their last iteration has ended.
   * `setupJson` is what setup returned.
   */
  readonly play: (setupJson: string | undefined) => Promise<void>;
  /** No further iteration; running ones have their scenario's `gracefulStop`. Before `play` too. */
  readonly close: () => void;
  /** Cuts off what runs. Before `play` too. */
  readonly interrupt: () => void;
  /** Of each thread that has played, how late it was. */
  readonly health: () => readonly ThreadHealth[];
  /** What went wrong with the load generator itself, a sentence each. */
  readonly faults: readonly string[];
  /** Ends everything; to be called once, however the run went. */
  readonly dispose: () => Promise<void>;
}
