import type { Family } from './metric-names.ts';
import type { Labels } from './labels.ts';

/** A series as Prometheus sees it. The object is the series: it stays the same as long as the run. */
export interface ShownSeries {
  readonly family: Family;
  readonly labels: Labels;
  /** Its value at a time (Unix milliseconds); undefined while it has none. */
  readonly valueAt: (unixMs: number) => number | undefined;
}

/** Everything that a run shows: what its metrics counted so far, and facts about itself. */
export interface ShownRun {
  /** All series by the name of their family; both only get longer. */
  readonly families: ReadonlyMap<string, readonly ShownSeries[]>;
}
