import type { Finding, Verdict } from '../catalogue/findings.ts';
import type { OutcomeTable } from '../contract/figures.ts';
import type { OwnDelay } from '../contract/run-findings.ts';
import type { ThresholdResult } from '../contract/threshold-expression.ts';
import type { RunEnd } from '../record/run-file.ts';

/** How a run ended, as `run --json` prints it and result.json keeps it. */
export interface ResultObject {
  readonly verdict: Verdict;
  /** catalogue/exit-codes.ts. */
  readonly exitCode: number;
  /** Flows started. */
  readonly flows: number;
  /** Flows that ended, by prescribed kind and observed outcome. */
  readonly outcomes: OutcomeTable['outcomes'];
  /** Flows that were interrupted. */
  readonly interrupted: number;
  /** Start requests without an HTTP answer. */
  readonly unanswered: number;
  /** `value` is null where there was no sample. */
  readonly thresholds: readonly ThresholdResult[];
  /** What the simulator that `run` started counted; null if there was none, or if it could not be asked. */
  readonly simulator: { readonly starts: number } | null;
  /** How late the load generator was by its own fault, and its CPU; null where nothing ran. */
  readonly ownDelay: OwnDelay | null;
  readonly findings: readonly Finding[];
  /** The findings as one line, where there is something to say. */
  readonly reason?: string;
}

/** The object of a run that took place. */
export function resultObject(end: RunEnd, { flows, outcomes, interrupted, unanswered }: OutcomeTable): ResultObject {
  const { verdict, exitCode, thresholds, simulator, ownDelay, findings, reason } = end;
  return {
    ...{ verdict, exitCode, flows, outcomes, interrupted, unanswered, thresholds, simulator, ownDelay, findings },
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The object of a run that could not start. */
export function errorResult(exitCode: number, reason: string, findings: readonly Finding[] = []): ResultObject {
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
    findings,
    reason,
  };
}
