import { outcomeTable } from '../contract/outcome-table.ts';
import type { OutcomeTable } from '../contract/outcome-table.ts';
import type { OwnDelay } from '../contract/run-record/own-delay.ts';
import type { SummaryData } from '../contract/summary-data.ts';

/** How a run ended, as `run --json` prints it and result.json keeps it. */
export interface ResultObject {
  readonly verdict: 'pass' | 'fail' | 'interrupted' | 'aborted' | 'invalid' | 'error';
  /** contract/exit-codes.ts. */
  readonly exitCode: number;
  /** Flows started. */
  readonly flows: number;
  /** Flows that ended, by prescribed kind and observed outcome. */
  readonly outcomes: OutcomeTable['outcomes'];
  /** Flows that were cut off. */
  readonly interrupted: number;
  /** Start requests without an HTTP answer. */
  readonly unanswered: number;
  readonly thresholds: readonly ThresholdResult[];
  /** What the simulator that `run` started counted; null if there was none, or if it could not be asked. */
  readonly simulator: { readonly starts: number } | null;
  /** How late the load generator was by its own fault, and its CPU; null where nothing ran. */
  readonly ownDelay: OwnDelay | null;
  /** One line, where there is something to say. */
  readonly reason?: string;
}

/** One threshold: `value` is null where there was no sample. */
export interface ThresholdResult {
  readonly metric: string;
  readonly expression: string;
  readonly value: number | null;
  readonly ok: boolean;
}

/** The part of the engine's result that goes into the object. */
interface Ended {
  readonly verdict: ResultObject['verdict'];
  readonly exitCode: number;
  readonly reason?: string;
  readonly thresholds: readonly ThresholdResult[];
  readonly ownDelay: OwnDelay | null;
  readonly summary: SummaryData;
}

/** The object of a run that took place. */
export function resultObject(ended: Ended, simulator: ResultObject['simulator']): ResultObject {
  const { flows, outcomes, interrupted, unanswered } = outcomeTable(ended.summary);
  return {
    verdict: ended.verdict,
    exitCode: ended.exitCode,
    flows,
    outcomes,
    interrupted,
    unanswered,
    thresholds: ended.thresholds.map(({ metric, expression, value, ok }) => ({ metric, expression, value, ok })),
    simulator,
    ownDelay: ended.ownDelay,
    ...(ended.reason === undefined ? {} : { reason: ended.reason }),
  };
}

/** The object of a run that could not start. */
export function errorResult(exitCode: number, reason: string): ResultObject {
  return {
    verdict: 'error',
    exitCode,
    flows: 0,
    outcomes: {},
    interrupted: 0,
    unanswered: 0,
    thresholds: [],
    simulator: null,
    ownDelay: null,
    reason,
  };
}
