import type { OwnDelay } from '../../contract/run-findings.ts';
import type { OverTime, TrendSummary } from './trend-summary.ts';

/** Health and resource use of the load generator. */
export interface GeneratorView {
  /** What the run judged itself by; null if it was killed or nothing ran. */
  readonly ownDelay: OwnDelay | null;
  /** Measurements with the limit beyond which a run is invalid. */
  readonly judged: readonly GeneratorRow[];
  /** Trends in milliseconds; count 0 means not recorded. */
  readonly eventLoop: TrendSummary;
  readonly startLag: TrendSummary;
  readonly gcPause: TrendSummary;
  /** Timer lag of VUs. */
  readonly stepLateness: TrendSummary;
  readonly eventLoopOverTime: OverTime;
  readonly startLagOverTime: OverTime;
  /** Largest value per column; null if not recorded. */
  readonly cpuCores: readonly (number | null)[];
  readonly memoryBytes: readonly (number | null)[];
  readonly connections: readonly (number | null)[];
}

/** One measurement of the load generator. */
export interface GeneratorRow {
  readonly what: string;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly limitMs: number;
  readonly ok: boolean;
}
