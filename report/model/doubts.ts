import { sentenceOf } from '../../catalogue/finding-words.ts';
import { kindOfFinding } from '../../catalogue/findings.ts';
import { invariants } from '../invariants.ts';
import type { Invariant } from '../invariants.ts';
import type { ReportModel, VerdictView } from './report-model.ts';
import { asSentence, wasAllowed } from './verdict-view.ts';

/**
 * The verdict with what makes it doubtful, so that no form says PASS in one place and that the numbers say nothing in
 * another. A pass of which nothing was judged is none.
 */
export function withDoubts(model: ReportModel): VerdictView {
  const { verdict } = model;
  const doubts = [...allowed(model), ...unsaidDrift(model), ...broken(model)];
  const judged = verdict.verdict !== 'pass' || isJudged(model);
  const sure = doubts.length === 0 || !['pass', 'fail'].includes(verdict.verdict);
  return {
    ...verdict,
    doubts,
    judged,
    word: !judged ? 'NOT JUDGED' : sure ? verdict.word : `${verdict.word}, IN DOUBT`,
  };
}

/** Whether there was anything that could have failed. */
function isJudged({ thresholds, drift, resilience }: ReportModel): boolean {
  return (
    thresholds.some(({ value, ok }) => value !== null || !ok) ||
    (drift !== null && drift.verdict.verdict !== 'not_known') ||
    (resilience?.cases.some(({ outcome }) => outcome === 'passed' || outcome === 'failed') ?? false)
  );
}

function allowed({ findings }: ReportModel): readonly string[] {
  return findings.filter(wasAllowed).map((one) => asSentence(`Allowed by --allow-invalid: ${sentenceOf(one)}`));
}

/** Drift of a run that was judged without it. */
function unsaidDrift({ drift, verdict }: ReportModel): readonly string[] {
  return drift?.verdict.verdict === 'drifts' && verdict.verdict === 'pass'
    ? [asSentence(`Drift: ${drift.sentences[0] ?? ''}`)]
    : [];
}

/** All findings about the load generator count as one kind: the verdict names one of them. */
function kindOf(code: string): string {
  return kindOfFinding(code)?.exit === 'invalid' ? 'invalid' : code;
}

/** Broken invariants that the verdict does not mention already. */
function broken(model: ReportModel): readonly string[] {
  const said = ({ code }: Invariant): boolean =>
    model.findings.some((one) => one.exit !== 0 && kindOf(one.code) === kindOf(code));
  return invariants(model)
    .filter((invariant) => invariant.state === 'broken' && !said(invariant))
    .map(({ name, says }) => asSentence(`Do not trust the numbers, because this does not hold: ${name}; ${says}`));
}
