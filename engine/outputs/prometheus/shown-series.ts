import type { Family } from './metric-names.ts';
import type { Labels } from './labels.ts';

/** An exposed series. Identified by its object, which stays the same throughout the run. */
export interface ShownSeries {
  readonly family: Family;
  readonly labels: Labels;
  /** Its value at a time (Unix milliseconds); undefined as long as it has none. */
  readonly valueAt: (unixMs: number) => number | undefined;
}

/** Everything a run exposes: its metrics so far, and facts about the run. */
export interface ShownRun {
  /** All series by family name; both only grow. */
  readonly families: ReadonlyMap<string, readonly ShownSeries[]>;
}
