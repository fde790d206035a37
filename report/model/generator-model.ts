import type { OwnDelay } from '../../contract/run-findings.ts';
import type { OverTime, TrendSummary } from './trend-summary.ts';

/** How the load generator itself did. */
export interface GeneratorView {
  /** What the run judged itself by; null for a run that was killed, or where nothing ran. */
  readonly ownDelay: OwnDelay | null;
  /** Each measurement against the limit beyond which a run is invalid. */
  readonly judged: readonly GeneratorRow[];
  /** Trends in milliseconds; a count of zero: not recorded. */
  readonly eventLoop: TrendSummary;
  readonly startLag: TrendSummary;
  readonly gcPause: TrendSummary;
  /** How late timers of virtual users fired. */
  readonly stepLateness: TrendSummary;
  readonly eventLoopOverTime: OverTime;
  readonly startLagOverTime: OverTime;
  /** Largest by column; null where not recorded. */
  readonly cpuCores: readonly (number | null)[];
  readonly memoryBytes: readonly (number | null)[];
  readonly connections: readonly (number | null)[];
}

/** One measurement of the generator. */
export interface GeneratorRow {
  readonly what: string;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly limitMs: number;
  readonly ok: boolean;
}
