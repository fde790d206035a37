import type { Finding } from '../catalogue/findings.ts';
import type { Verdict } from '../catalogue/verdict.ts';
import type { OutcomeTable } from '../contract/figures.ts';
import type { OwnDelay } from '../contract/run-findings.ts';
import type { ThresholdResult } from '../contract/threshold-expression.ts';
import type { RunEnd } from '../record/run-file.ts';

/** The object of `run --json` and result.json. */
export interface ResultObject {
  readonly verdict: Verdict;
  /** catalogue/exit-codes.ts. */
  readonly exitCode: number;
  /** Flows started. */
  readonly flows: number;
  /** Ended flows, by kind and outcome. */
  readonly outcomes: OutcomeTable['outcomes'];
  /** Interrupted flows. */
  readonly interrupted: number;
  /** Start requests without an HTTP response. */
  readonly unanswered: number;
  /** `value` is null without samples. */
  readonly thresholds: readonly ThresholdResult[];
  /** Counts of the simulator that `run` started; null if there was none or it did not answer. */
  readonly simulator: { readonly starts: number } | null;
  /** Generator health; null if nothing ran. */
  readonly ownDelay: OwnDelay | null;
  readonly findings: readonly Finding[];
  /** The findings on one line, if there are any. */
  readonly reason?: string;
}

export function resultObject(end: RunEnd, { flows, outcomes, interrupted, unanswered }: OutcomeTable): ResultObject {
  const { verdict, exitCode, thresholds, simulator, ownDelay, findings, reason } = end;
  return {
    ...{ verdict, exitCode, flows, outcomes, interrupted, unanswered, thresholds, simulator, ownDelay, findings },
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The result of a run that could not start. */
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
